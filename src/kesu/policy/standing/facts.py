"""The facts of a case: what events stated, what is derived from the log, and who joins a group by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.conditions import Derivation, FactRef, Measure, Window
from kesu.policy.model.facts import Fact, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.standing.conditions import (
    View,
    choose,
    earliest,
    facts_named,
    is_true,
    latest_first,
    next_change,
    table_change,
    value_of,
)
from kesu.policy.standing.moments import Mark


class Ledger:
    """Stated values by fact, the events that stated them, and how many files came with each file fact."""

    def __init__(self, kind: Kind) -> None:
        self.stated: dict[str, Value] = {
            code: fact.default for code, fact in kind.facts.items() if fact.default is not None
        }
        self.seqs: dict[str, int] = {}
        self.files: dict[str, int] = {}
        self.documents: dict[str, None] = {}
        self._kind = kind

    def state(self, event: Event) -> None:
        """Take in the facts of one event. An empty tuple takes a value back."""
        for code, value in event.facts.items():
            fact = self._kind.facts.get(code)
            if fact is None:
                continue
            if fact.type is FactType.FILE and isinstance(value, int):
                self.files[code] = self.files.get(code, 0) + int(value)
            self.stated[code] = value
            self.seqs[code] = event.seq


def derived_in_order(kind: Kind) -> tuple[Fact, ...]:
    """Derived facts, each after those that it reads. (A cycle is a load error; here it would end in pack order.)"""
    ordered: dict[str, Fact] = {}
    visiting: set[str] = set()

    def visit(code: str) -> None:
        fact = kind.facts.get(code)
        if fact is None or fact.derive is None or code in ordered or code in visiting:
            return
        visiting.add(code)
        for other in _reads(fact.derive):
            visit(other)
        ordered[code] = fact

    for code in kind.facts:
        visit(code)
    return tuple(ordered.values())


def _reads(derivation: Derivation) -> Iterator[str]:
    for row in derivation.table.rows if derivation.table else ():
        yield from facts_named(row.when)
        if isinstance(row.use, FactRef):
            yield row.use.code
    for moment in derivation.of:
        yield from facts_named(moment.where)


def derive_all(order: Iterable[Fact], view: View) -> dict[str, Value]:
    """The facts of the view with every derived one worked out. A stated value of a derived fact stands (override)."""
    facts = dict(view.facts)
    for fact in order:
        if fact.code in view.facts or fact.derive is None:
            continue
        value = _derived(fact.derive, replace(view, facts=facts))
        if value is not None:
            facts[fact.code] = value
    return facts


def derived_change(order: Iterable[Fact], view: View) -> datetime | None:
    """When time alone changes a derived fact: a member leaves its window, or a table selects another row."""
    return earliest(_derivation_change(fact.derive, view) for fact in order if fact.derive)


def _derivation_change(derivation: Derivation, view: View) -> datetime | None:
    if derivation.table is not None:
        return table_change(derivation.table, view)
    if derivation.window is None:
        return None
    return earliest(_leaves_at(mark, derivation.window, view) for mark in _members(derivation, view))


def _derived(derivation: Derivation, view: View) -> Value | None:
    if derivation.table is not None:
        return value_of(choose(derivation.table, view), view)
    members = _members(derivation, view)
    if derivation.measure is Measure.COUNT:
        return len(members)
    values = [mark.own[code] for mark in members if (code := derivation.fact or "") in mark.own]
    match derivation.measure:
        case Measure.DISTINCT:
            return len(set(_flat(values)))
        case Measure.SUM:
            return _sum(values)
        case _:
            return values[-1] if values else None


def _flat(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def _sum(values: Iterable[Value]) -> Value:
    total: int | Decimal = 0
    for value in values:
        if isinstance(value, int | Decimal):
            total += value
    return total


def _members(derivation: Derivation, view: View) -> list[Mark]:
    """The counted marks, oldest first, that lie in the window."""
    marks = {mark.index: mark for moment in derivation.of for mark in latest_first(moment, view)}
    found = [marks[index] for index in sorted(marks)]
    window = derivation.window
    return found if window is None else [mark for mark in found if _leaves_at(mark, window, view) > view.now]


def _leaves_at(mark: Mark, window: Window, view: View) -> datetime:
    """From when on a mark is no longer in the window."""
    if window.rolling is not None:
        return view.clocks.plain_age(view.calendar, mark.at, window.rolling)
    return view.calendar.instant(_period_end(view.calendar.local(mark.at).date(), window), time.min)


def _period_end(on: date, window: Window) -> date:
    match window.calendar:
        case "week":
            return on + timedelta(days=7 - on.weekday())
        case "month":
            return date(on.year + on.month // 12, on.month % 12 + 1, 1)
        case _:
            return date(on.year + 1, 1, 1)


def instant_of(value: Value, calendar: Calendar) -> datetime | None:
    """The instant that a date or time fact means: of a date its first moment. None for other values."""
    if isinstance(value, datetime):
        return value
    return calendar.instant(value, time.min) if isinstance(value, date) else None


def with_additions(view: View) -> Mapping[str, Value]:
    """The facts with the roles that join a group by themselves now. A role that already has a member does not join."""
    facts: dict[str, Value] | None = None
    for code, fact in view.kind.facts.items():
        for addition in fact.adds:
            present = (facts or view.facts).get(code, ())
            members = present if isinstance(present, tuple) else ()
            if any(role_of(member) == addition.role for member in members) or not is_true(addition.when, view):
                continue
            facts = facts if facts is not None else dict(view.facts)
            facts[code] = (*members, f"{addition.role}:")
    return view.facts if facts is None else facts


def additions_change(view: View) -> datetime | None:
    """When time alone lets somebody join or leave."""
    return earliest(next_change(added.when, view) for fact in view.kind.facts.values() for added in fact.adds)


def role_of(member: str) -> str:
    """The role part of a group member ``role:person``."""
    return member.partition(":")[0]


def person_of(member: str) -> str:
    """The person part of a group member; empty when only the role is known."""
    return member.partition(":")[2]
