"""What is kept apart for each value of a fact: of every department its own task, with its handler and its date.

Whoever speaks of one department's task sees the case as if nothing had been said of the others'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Who

if TYPE_CHECKING:
    from kesu.policy.standing.moments import History, Mark

_EVENT: Final = MomentNoun.EVENT.value

About = tuple[str, Value | None]
"""A fact by which others are kept apart, and its value that is spoken of; None: one of which nothing was said yet."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What a kind keeps apart. `facts`: by which fact which others are; `events`: by which fact the events that speak
    of one of its values; `steps`: of which fact a step speaks."""

    facts: Mapping[str, frozenset[str]]
    events: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, str]
    groups: frozenset[str]  # of what is kept apart, those that name people

    @property
    def heard(self) -> frozenset[tuple[str, str, str]]:
        """The keys of the moments that are looked at."""
        return frozenset((_EVENT, kind, "") for kinds in self.events.values() for kind in kinds)

    @classmethod
    def of(cls, kind: Kind) -> Apart:
        """What a compiled kind keeps apart."""
        facts: dict[str, set[str]] = {}
        for fact in kind.facts.values():
            if fact.per is not None:
                facts.setdefault(fact.per, set()).add(fact.code)
        steps = {code: per for code, step in kind.steps.items() for per in facts if per in kind.asked(step)}
        events: dict[str, tuple[str, ...]] = {}
        for code, per in steps.items():
            events[per] = tuple(dict.fromkeys((*events.get(per, ()), kind.steps[code].event)))
        kept = {code for codes in facts.values() for code in codes}
        groups = frozenset(code for code in kept if kind.facts[code].type is FactType.GROUP)
        return cls({per: frozenset(codes) for per, codes in facts.items()}, events, steps, groups)


def is_about(mark: Mark, about: About) -> bool:
    """Whether a moment speaks of this value, or of none in particular."""
    per, value = about
    return per not in mark.own or mark.own[per] == value


def values_of(per: str, history: History) -> tuple[Value, ...]:
    """The values of which anything was said, in the order in which they came."""
    return tuple(dict.fromkeys(mark.own[per] for mark in _marks(per, history) if per in mark.own))


def own_facts(about: About, history: History, upto: int | None = None) -> dict[str, Value]:
    """What was said of one value in what is kept apart. `upto`: the last moment that counts."""
    per, value = about
    kept, found = history.apart.facts[per], dict[str, Value]()
    for mark in _marks(per, history):
        if (upto is None or mark.index <= upto) and per in mark.own and mark.own[per] == value:
            found.update({code: said for code, said in mark.own.items() if code in kept})
    return found


def facts_about(
    about: About, history: History, facts: Mapping[str, Value], upto: int | None = None
) -> dict[str, Value]:
    """The facts of the case as somebody sees them who speaks of one value."""
    per, value = about
    apart = {per, *history.apart.facts[per]}
    found = {code: said for code, said in facts.items() if code not in apart} | own_facts(about, history, upto)
    return found if value is None else found | {per: value}


def members_about(about: About, history: History) -> dict[str, tuple[str, ...]]:
    """The groups that are kept apart, each with those who were named for this value."""
    own = own_facts(about, history)
    codes = history.apart.groups & history.apart.facts[about[0]]
    return {code: tuple(map(str, named)) if isinstance(named := own.get(code), tuple) else () for code in codes}


def meant(who: Who, members: Mapping[str, tuple[str, ...]]) -> Who:
    """Of a group that is kept apart, those who were named for the value that is spoken of."""
    named = members.get(who.group or "")
    return who if named is None else replace(who, members=named)


def _marks(per: str, history: History) -> Sequence[Mark]:
    """The moments of the events that speak of a value of the fact, oldest first."""
    kinds = history.apart.events.get(per, ())
    found = [mark for kind in kinds for mark in history.of_event(kind)]
    return sorted(found, key=lambda mark: mark.index) if len(kinds) > 1 else found
