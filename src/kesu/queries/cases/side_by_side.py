"""What was stated several times, side by side: the versions of a plan, the rounds of a negotiation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.sight.reading import CaseRead, read_case, row_names
from kesu.access.sight.stated_again import is_written_again, stated_again
from kesu.access.sight.texts import TextLine, Texts, read_texts
from kesu.policy.events import Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import Step

MOST = 6
"""So many times at most, the last ones: more do not fit beside each other."""


@dataclass(frozen=True, slots=True)
class Time:
    """One time at which it was stated."""

    step: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: what each of the times says of it, None where it says nothing; whether that is something else than what
    was said the time before, where one takes the place of the other."""

    name: str
    cells: tuple[tuple[TextLine | None, bool], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`earlier`: how many times before these are left out."""

    name: str
    times: tuple[Time, ...]
    rows: tuple[Row, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class SideBySide:
    case_id: UUID
    number: str
    title: str
    tables: tuple[Table, ...]


def side_by_side(*, actor: Actor, at: datetime, case_id: UUID) -> SideBySide:
    """Raises `NotFound` outside the scope. A fixed number of queries."""
    read = read_case(actor, at, case_id)
    texts = read_texts(read, row_names(read))
    tables = tuple(_tables(read, texts))
    return SideBySide(read.case.pk, read.case.number, read.case.card.title, tables)


def _tables(read: CaseRead, texts: Texts) -> Iterator[Table]:
    for steps, events in stated_again(read):
        shown = events[-MOST:]
        rows = tuple(_rows(read, texts, steps, shown))
        if rows:
            names = dict.fromkeys(read.kind.steps[event.step or ""].name for event in events)
            times = tuple(Time(read.kind.steps[one.step or ""].name, read.person(one.by), one.at) for one in shown)
            yield Table("、".join(names), times, rows, len(events) - len(shown))


def _rows(read: CaseRead, texts: Texts, steps: Sequence[Step], events: Sequence[Event]) -> Iterator[Row]:
    codes = dict.fromkeys(code for step in steps for code in (*read.kind.asked(step), *step.may_state))
    for code in codes:
        fact = read.kind.facts.get(code)
        if fact is None or fact.type is FactType.PERSON:
            continue
        lines = [texts.line(fact, event) for event in events]
        if any(lines):
            yield Row(fact.name, tuple(_cells(lines, are_versions=is_written_again(read.kind, steps))))


def _cells(lines: Sequence[TextLine | None], *, are_versions: bool) -> Iterator[tuple[TextLine | None, bool]]:
    before: TextLine | None = None
    for number, line in enumerate(lines):
        yield line, are_versions and number > 0 and line is not None and line != before
        before = line if line is not None else before
