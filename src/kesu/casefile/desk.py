"""Where the rows of a case file go. Commands write them at once; a load of many cases collects them and copies them in.

Both make the same rows by the same code: what differs is only when they reach the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kesu.casefile import (
    ledgers,
    log,
    measures,
    notes,
    projection,
    publications,
    search_row,
    search_text,
    spokesmen,
    submissions,
)
from kesu.casefile.projection import Rest
from kesu.casefile.streams import Head, save_heads
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.store.bell import BELL, ring_bell
from kesu.store.inserting import Together, insert
from kesu.store.models import Case, CaseEvent, EventBody, Note, OutboxMessage


class Desk:
    """Writes into the database, inside the caller's transaction."""

    def event(self, head: Head, event: Event, bodies: Mapping[str, Mapping[str, Any]]) -> None:
        log.append(head, event, bodies)

    def messages(self, rows: Sequence[OutboxMessage]) -> None:
        """Their keys are stable: one that is there already stays as it is."""
        insert(rows, or_keep=True)

    def note(self, row: Note, text: str) -> None:
        notes.keep(row, text)

    def settle(self, rest: Rest) -> None:
        """Head and projections follow the log, and the worker hears of it."""
        rest.head.save(update_fields=["version", "head", "unit"])
        projection.project(rest)
        ring_bell()

    def beside(self, rest: Rest) -> None:
        """What an ordinary case enters in ledgers, counts for, shows and asks to have signed, once it is settled."""
        assert isinstance(rest.head, Case)
        ledgers.post(rest.head, rest.kind, rest.events, rest.current, rest.now)
        measures.post(rest.head, rest.kind, rest.events, rest.current)
        submissions.project(rest.head, rest.current)
        publications.project(rest.head, rest.kind, rest.events, rest.current)
        spokesmen.write(rest.head, rest.kind, rest.events, rest.now)


class FirstDesk(Desk):
    """Opens an ordinary case: its events are written together, head and card last of all, when the number is known. So
    the series that gives the number stays locked only for an instant, and nothing is written twice. (Until the
    transaction ends the database does not ask whether a row's case is there.)"""

    def __init__(self) -> None:
        self._rest = Together()
        self._events: list[CaseEvent] = []
        self._bodies: list[EventBody] = []
        self._notes: list[tuple[Note, str]] = []
        self._projected: projection.Projected | None = None
        self._kind: Kind | None = None

    def event(self, head: Head, event: Event, bodies: Mapping[str, Mapping[str, Any]]) -> None:
        row = log.event_row(head, event, bodies)
        self._events.append(row)
        self._bodies += log.body_rows(head, row, bodies)

    def messages(self, rows: Sequence[OutboxMessage]) -> None:
        self._rest.insert(rows, or_keep=True)

    def note(self, row: Note, text: str) -> None:
        self._rest.insert([row])
        self._notes.append((row, text))  # what a search finds of it is written with the card

    def settle(self, rest: Rest) -> None:
        assert isinstance(rest.head, Case)
        self._kind = rest.kind
        insert(self._events)
        for body in self._bodies:
            body.event = body.event  # now that the event has its number
        self._rest.insert(self._bodies)
        rows = projection.rows_of(rest.head, rest.kind, rest.people, rest.events, rest.current, rest.now)
        projection.write_first(rest.head, rows, self._rest)
        self._rest.send()
        self._projected = rows

    def finish(self, head: Case, number: str) -> None:
        assert self._projected is not None
        assert self._kind is not None
        head.number = self._projected.card.number = number
        card, bodies = self._projected.card, self._projected.bodies
        self._rest.insert([head])
        self._rest.insert([card])
        search_row.write_first(search_text.first(card, self._kind, bodies, self._notes), self._rest)
        self._rest.send(BELL)


class ManyDesk(Desk):
    """For several ordinary cases that are settled in one transaction, each by itself: what all of them write is written
    together in the end, by `finish`. What is looked up meanwhile does not see it, so it is for cases that do not ask
    each other."""

    def __init__(self) -> None:
        self._events: list[CaseEvent] = []
        self._bodies: list[EventBody] = []
        self._messages: list[OutboxMessage] = []
        self._notes: list[tuple[Note, str]] = []
        self._rests: list[Rest] = []

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What was put on the desk in the block is gone from it when the block fails."""
        kept: list[list[Any]] = [self._events, self._bodies, self._messages, self._notes, self._rests]
        before = [len(rows) for rows in kept]
        try:
            yield
        except BaseException:
            for rows, count in zip(kept, before, strict=True):
                del rows[count:]
            raise

    def event(self, head: Head, event: Event, bodies: Mapping[str, Mapping[str, Any]]) -> None:
        row = log.event_row(head, event, bodies)
        self._events.append(row)
        self._bodies += log.body_rows(head, row, bodies)

    def messages(self, rows: Sequence[OutboxMessage]) -> None:
        self._messages.extend(rows)

    def note(self, row: Note, text: str) -> None:
        self._notes.append((row, text))

    def settle(self, rest: Rest) -> None:
        self._rests.append(rest)

    def finish(self) -> None:
        """Inside the same transaction. Once."""
        if not self._rests:
            return
        insert(self._events)
        for body in self._bodies:
            body.event = body.event  # now that the event has its number
        insert(self._bodies)
        save_heads([rest.head for rest in self._rests if isinstance(rest.head, Case)])
        projection.project_ordinary(self._rests)
        for row, text in self._notes:
            notes.keep(row, text)
        insert(self._messages, or_keep=True)
        ring_bell()
