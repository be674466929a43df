"""Figures over other cases that a case waits for, and those that its log says were worked out. What was worked out is
an event: nothing that happens to the other cases afterwards moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from kesu.policy.events import MEASURE_TAKEN, Event
from kesu.policy.model.facts import Fact, Value
from kesu.policy.model.rules import SYSTEM
from kesu.policy.standing.conditions import View, matches
from kesu.policy.standing.moments import History, which
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.results import Effect, EffectKind

FACT: Final = "measure.fact"
"""Facts of the event `MEASURE_TAKEN`; no pack can have one of these names. Which fact it states."""
CASES: Final = "measure.cases"
SINCE: Final = "measure.since"
UNTIL: Final = "measure.until"


@dataclass(frozen=True, slots=True)
class OwedReckoning:
    """A figure whose moment came: at which instant, and under which stable key."""

    key: str
    fact: Fact
    at: datetime


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A figure, of how many cases, of which period (its end left out). `value` None: of nothing there is none."""

    value: int | Decimal | None
    cases: int
    span: tuple[datetime, datetime] | None


class ReckoningBook:
    """The figures that became owed while the log was walked, whether worked out since or not, and the last of each."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.owed: dict[str, OwedReckoning] = {}
        self.taken: dict[str, Reckoned] = {}
        self._cursor = 0

    def take(self, event: Event) -> None:
        """Notes what an event says of a figure."""
        if event.kind == MEASURE_TAKEN:
            code = str(event.facts.get(FACT, ""))
            self.taken[code] = _told(event, code)

    def take_over(self, other: ReckoningBook, facts: Mapping[str, Fact], history: History) -> None:
        """The figures of other rules, as far as these know them."""
        self.taken = {code: taken for code, taken in other.taken.items() if code in facts}
        self.owed = {
            key: replace(one, fact=facts[one.fact.code]) for key, one in other.owed.items() if one.fact.code in facts
        }
        self._cursor = len(history.marks)

    def settle(self, view: View, history: History) -> None:
        """The effects stratum of one instant: what each new mark makes owed."""
        for mark in history.since(self._cursor):
            self._cursor = mark.index + 1
            for fact, moment in self._plan.over.reckoning_starts.get(mark.key, ()):
                key = f"measure/{fact.code}@{which(mark, history)}"
                if key not in self.owed and matches(mark, moment, view):
                    self.owed[key] = OwedReckoning(key, fact, view.now)


def reckoning_effect(owed: OwedReckoning) -> Effect:
    """An owed figure as an effect."""
    fact = owed.fact
    return Effect(key=owed.key, kind=EffectKind.MEASURE, code=fact.code, at=owed.at, to=(), clauses=fact.clauses)


def reckoned_event(seq: int, effect: Effect, found: Reckoned, at: datetime) -> Event:
    """The event which states a figure, so that it is not owed again. A figure of nothing takes back an earlier one."""
    facts: dict[str, Value] = {"effect": effect.key, FACT: effect.code, CASES: found.cases}
    facts[effect.code] = () if found.value is None else found.value
    if found.span is not None:
        facts |= {SINCE: found.span[0].isoformat(), UNTIL: found.span[1].isoformat()}
    return Event(seq, MEASURE_TAKEN, at, at, role=SYSTEM, facts=facts)


def _told(event: Event, code: str) -> Reckoned:
    value, since, until = event.facts.get(code), event.facts.get(SINCE), event.facts.get(UNTIL)
    span = (datetime.fromisoformat(str(since)), datetime.fromisoformat(str(until))) if since and until else None
    return Reckoned(value if isinstance(value, int | Decimal) else None, int(str(event.facts.get(CASES, 0))), span)
