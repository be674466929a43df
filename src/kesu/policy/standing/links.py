"""Linked cases: which ones are owed, which have been opened, and which of these have ended.

That one was opened, ended or was taken up again is an event in the log of the case that it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kesu.policy.events import BY_LINK, LINK_CLOSED, LINK_OPENED, LINK_REOPENED, LINKED_CASE, Event
from kesu.policy.model.facts import Value
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.rules import SYSTEM, WORLD
from kesu.policy.standing.conditions import View, is_true, matches
from kesu.policy.standing.moments import LINK, LINKED, History, Key, which
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.results import Effect, EffectKind

LINK_EVENTS: Final = dict(zip((LINK_OPENED, LINK_CLOSED, LINK_REOPENED), LINKED, strict=True))
"""What the program says of a linked case → what became of it, in the words of moments."""


@dataclass(frozen=True, slots=True)
class OwedLink:
    """A linked case whose moment came: at which instant, and under which stable key."""

    key: str
    link: LinkedCase
    at: datetime


class LinkBook:
    """The linked cases that became owed while the log was walked, whether opened since or not."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.owed: dict[str, OwedLink] = {}
        self._cursor = 0

    def take_over(self, other: LinkBook, history: History) -> None:
        """What was owed under other rules and still is one of these; what came about before makes nothing owed."""
        links = self._plan.links
        self.owed = {
            k: replace(one, link=links[one.link.code]) for k, one in other.owed.items() if one.link.code in links
        }
        self._cursor = len(history.marks)

    def settle(self, view: View, history: History) -> None:
        """The effects stratum of one instant: what each new mark makes owed."""
        for mark in history.since(self._cursor):
            self._cursor = mark.index + 1
            for link, moment in self._plan.link_starts.get(mark.key, ()):
                key = f"opens/{link.code}@{which(mark, history)}"
                if key in self.owed or not matches(mark, moment, view):
                    continue
                if is_true(link.when, view.but(start_at=mark.at)):
                    self.owed[key] = OwedLink(key, link, view.now)

    def ended(self, event: Event, history: History) -> LinkedCase | None:
        """The rule of which the last case has ended by this event."""
        link = self._plan.links.get(str(event.facts.get(BY_LINK, ""))) if event.kind == LINK_CLOSED else None
        return link if link is not None and not self.open_of(link.code, history) else None

    def open_of(self, code: str, history: History) -> int:
        """How many cases of this rule are owed or opened and have not ended. One that was opened counts also when the
        log no longer owes it: it is there."""
        keys = {key for key, one in self.owed.items() if one.link.code == code}
        keys |= {str(mark.own.get("effect")) for mark in history.of_key((LINK, code, "opened"))}
        return len(keys) + _count(code, "reopened", history) - _count(code, "closed", history)


def _count(code: str, became: str, history: History) -> int:
    return len(history.of_key((LINK, code, became)))


def link_key(event: Event) -> Key:
    """The moment that an event about a linked case brings."""
    return (LINK, str(event.facts.get(BY_LINK, "")), LINK_EVENTS[event.kind])


def link_effect(owed: OwedLink) -> Effect:
    """An owed linked case as an effect."""
    return Effect(key=owed.key, kind=EffectKind.LINK, code=owed.link.code, at=owed.at, to=(), clauses=owed.link.clauses)


def opened_event(seq: int, effect: Effect, case: str, at: datetime) -> Event:
    """The event which says that a linked case was opened, so that it is not owed again. `case`: its identifier."""
    facts: dict[str, Value] = {"effect": effect.key, BY_LINK: effect.code, LINKED_CASE: case}
    return Event(seq, LINK_OPENED, at, at, role=SYSTEM, facts=facts)


def heard_event(seq: int, linked: Linked, facts: Mapping[str, Value], at: datetime, recorded_at: datetime) -> Event:
    """The event which says that a linked case has ended (bringing `facts` back), or is taken up again: it happened at
    `at` and was heard of at `recorded_at`."""
    kind = LINK_CLOSED if linked.has_ended else LINK_REOPENED
    named = {BY_LINK: linked.code, LINKED_CASE: linked.case}
    return Event(seq, kind, at, recorded_at, role=WORLD, facts={**named, **facts})


@dataclass(frozen=True, slots=True)
class Linked:
    """One linked case as the log of its parent knows it."""

    case: str
    code: str
    has_ended: bool


def linked_in(log: Sequence[Event]) -> tuple[Linked, ...]:
    """The cases that were opened out of this one, in their order, each as it was last heard of."""
    found: dict[str, Linked] = {}
    for event in log:
        if event.kind in LINK_EVENTS:
            case = str(event.facts[LINKED_CASE])
            found[case] = Linked(case, str(event.facts[BY_LINK]), event.kind == LINK_CLOSED)
    return tuple(found.values())
