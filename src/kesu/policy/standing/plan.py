"""What the walk needs to know of a kind before it starts, worked out once per compiled kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Final, TypeVar

from kesu.policy.model.conditions import Elapsed, LevelTest, Moment, MomentNoun, StageTest
from kesu.policy.model.facts import Fact
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Duty, Guard, Notice
from kesu.policy.standing.facts import derived_in_order
from kesu.policy.standing.moments import Key, key_of

R = TypeVar("R", Duty, Notice)
Heard = Mapping[Key, tuple[tuple[R, Moment], ...]]

_KEPT: Final = 64
_plans: dict[int, tuple[Kind, Plan]] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """Who listens to which moment, and which facts need watching."""

    derived: tuple[Fact, ...]
    reads_late: bool
    duty_starts: Heard[Duty]
    duty_ends: Heard[Duty]
    notice_starts: Heard[Notice]
    counted_facts: tuple[str, ...]  # facts that may stop the clock of an age
    dated_facts: tuple[str, ...]  # facts that are named as moments
    notice_guards: Mapping[str, tuple[Guard, ...]]
    step_guards: Mapping[str, tuple[Guard, ...]]


def plan_of(kind: Kind) -> Plan:
    """The plan of a compiled kind. Kinds are immutable, so plans are kept; the oldest goes when there are many."""
    kept = _plans.get(id(kind))
    if kept is not None and kept[0] is kind:
        return kept[1]
    plan = _make(kind)
    if len(_plans) >= _KEPT:
        _plans.pop(next(iter(_plans)), None)
    # The kind is kept beside its plan, so that its identity cannot be taken over by another object.
    _plans[id(kind)] = (kind, plan)
    return plan


def _make(kind: Kind) -> Plan:
    parts = list(_parts(kind))
    moments = [part for part in parts if isinstance(part, Moment)]
    counts = [code for part in parts if isinstance(part, Elapsed) for code, _ in part.counts]
    dated = [moment.subject for moment in moments if moment.noun is MomentNoun.FACT]
    guards = kind.guards.values()
    return Plan(
        derived=derived_in_order(kind),
        reads_late=any(_is_late(part) for fact in kind.facts.values() for part in _parts(fact.derive)),
        duty_starts=_heard(kind.duties.values(), lambda duty: duty.starts),
        duty_ends=_heard(kind.duties.values(), lambda duty: duty.met_by),
        notice_starts=_heard(kind.notices.values(), lambda notice: notice.starts),
        counted_facts=tuple(dict.fromkeys(counts)),
        dated_facts=tuple(dict.fromkeys(dated)),
        notice_guards={code: tuple(g for g in guards if code in g.notices) for code in kind.notices},
        step_guards={code: tuple(g for g in guards if code in g.steps) for code in kind.steps},
    )


def _heard(rules: Iterable[R], moments_of: Callable[[R], tuple[Moment, ...]]) -> Heard[R]:
    heard: dict[Key, list[tuple[R, Moment]]] = {}
    for rule in rules:
        for moment in moments_of(rule):
            heard.setdefault(key_of(moment), []).append((rule, moment))
    return {key: tuple(listeners) for key, listeners in heard.items()}


def _is_late(part: object) -> bool:
    """Whether a derived fact reads what only comes about after facts are worked out."""
    if isinstance(part, Moment):
        return part.noun is not MomentNoun.EVENT
    return isinstance(part, LevelTest | StageTest)


def _parts(value: object) -> Iterator[object]:
    """Every dataclass inside a kind, itself included, in the order of the pack."""
    if is_dataclass(value) and not isinstance(value, type):
        yield value
        for part in fields(value):
            yield from _parts(getattr(value, part.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _parts(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _parts(item)
