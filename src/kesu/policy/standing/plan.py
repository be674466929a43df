"""What the walk needs to know of a kind before it starts, worked out once per compiled kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from kesu.policy.model.conditions import Elapsed, FactRef, LevelTest, Moment, MomentNoun, StageTest, StartIn
from kesu.policy.model.facts import Fact, GroupAddition
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.pack import Kind
from kesu.policy.model.parts import parts_of, tells_time
from kesu.policy.model.rules import Duty, Guard, Notice, Step
from kesu.policy.standing.derived import derived_in_order
from kesu.policy.standing.moments import Key, key_of
from kesu.policy.standing.naming import missing
from kesu.policy.standing.reads import Reads
from kesu.policy.standing.results import MissingKind, Refusal

R = TypeVar("R", Duty, Notice, LinkedCase)
Heard = Mapping[Key, tuple[tuple[R, Moment], ...]]

_KEPT: Final = 64
_plans: dict[int, tuple[Kind, Plan]] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """Who listens to which moment, and which facts need watching."""

    keys: Mapping[int, Key]  # by the identity of each moment of the kind, which lives as long as its plan
    derived: tuple[Fact, ...]
    derived_reads: Mapping[str, Reads]
    reads_late: bool
    additions: tuple[tuple[str, GroupAddition], ...]  # who joins which group by himself
    addition_reads: Reads
    level_reads: Reads
    duty_reads: Mapping[str, Reads]
    duty_starts: Heard[Duty]
    duty_ends: Heard[Duty]
    notice_starts: Heard[Notice]
    links: Mapping[str, LinkedCase]
    link_starts: Heard[LinkedCase]
    lived_ages: frozenset[int]  # by identity: tests of time in levels, which stand still while the case is over
    counted_facts: tuple[str, ...]  # facts that may stop the clock of an age
    lapses: Mapping[str, tuple[str, ...]]  # event → facts that are no longer with it
    dated_facts: tuple[str, ...]  # facts that are named as moments
    notice_guards: Mapping[str, tuple[Guard, ...]]
    step_guards: Mapping[str, tuple[Guard, ...]]
    timed_steps: tuple[Step, ...]  # those of which time alone may change something
    wrong_stage: Mapping[str, Refusal]  # why a step is refused in a stage that is not its own


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
    parts = list(parts_of(kind))
    moments = [part for part in parts if isinstance(part, Moment)]
    counts = [code for part in parts if isinstance(part, Elapsed) for code, _ in part.counts]
    dated = [moment.subject for moment in moments if moment.noun is MomentNoun.FACT]
    guards = kind.guards.values()
    derived = derived_in_order(kind)
    additions = tuple((code, addition) for code, fact in kind.facts.items() for addition in fact.adds)
    return Plan(
        keys={id(moment): key_of(moment) for moment in moments},
        derived=derived,
        derived_reads={fact.code: Reads.of(fact.derive) for fact in derived},
        additions=additions,
        addition_reads=Reads.of(*(FactRef(code) for code, _ in additions), *(a.when for _, a in additions)),
        level_reads=Reads.of(*(rule.when for rule in kind.levels.rules)) if kind.levels else Reads.of(),
        duty_reads={
            code: Reads.of(duty.whilst, duty.within, duty.owner, duty.pauses) for code, duty in kind.duties.items()
        },
        reads_late=any(_is_late(part) for fact in kind.facts.values() for part in parts_of(fact.derive)),
        duty_starts=_heard(kind.duties.values(), lambda duty: duty.starts),
        duty_ends=_heard(kind.duties.values(), lambda duty: duty.met_by),
        notice_starts=_heard(kind.notices.values(), lambda notice: notice.starts),
        links=kind.opens,
        link_starts=_heard(kind.opens.values(), lambda link: link.starts),
        lived_ages=frozenset(
            id(part)
            for rule in (kind.levels.rules if kind.levels else ())
            if not rule.survives
            for part in parts_of(rule.when)
            if tells_time(part)
        ),
        counted_facts=tuple(dict.fromkeys(counts)),
        lapses=_lapses(kind),
        dated_facts=tuple(dict.fromkeys(dated)),
        notice_guards={code: tuple(g for g in guards if code in g.notices) for code in kind.notices},
        step_guards={code: tuple(g for g in guards if code in g.steps) for code in kind.steps},
        timed_steps=tuple(step for step in kind.steps.values() if _is_timed(step, kind)),
        wrong_stage={code: _wrong_stage(step, kind) for code, step in kind.steps.items() if step.from_stages},
    )


def _lapses(kind: Kind) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, fact in kind.facts.items():
        for event in fact.lapses:
            found.setdefault(event, []).append(code)
    return {event: tuple(codes) for event, codes in found.items()}


def _heard(rules: Iterable[R], moments_of: Callable[[R], tuple[Moment, ...]]) -> Heard[R]:
    heard: dict[Key, list[tuple[R, Moment]]] = {}
    for rule in rules:
        for moment in moments_of(rule):
            heard.setdefault(key_of(moment), []).append((rule, moment))
    return {key: tuple(listeners) for key, listeners in heard.items()}


def _is_timed(step: Step, kind: Kind) -> bool:
    guards = (guard for guard in kind.guards.values() if step.code in guard.steps)
    return step.opening is not None or any(
        isinstance(part, StartIn) or tells_time(part) for rule in (step.by, *guards) for part in parts_of(rule)
    )


def _wrong_stage(step: Step, kind: Kind) -> Refusal:
    return Refusal(
        "stage", "", step.clauses, tuple(missing(kind, MissingKind.STAGE, code) for code in step.from_stages)
    )


def _is_late(part: object) -> bool:
    """Whether a derived fact reads what only comes about after facts are worked out."""
    if isinstance(part, Moment):
        return part.noun is not MomentNoun.EVENT
    return isinstance(part, LevelTest | StageTest)
