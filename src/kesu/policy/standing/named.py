"""Cases that people named in this one and that a guard waits for: which have not ended, as far as the log has heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from kesu.policy.events import LINKED_CASE, NAMED_CLOSED, NAMED_REOPENED, Event
from kesu.policy.model.facts import Value
from kesu.policy.model.rules import WORLD
from kesu.policy.standing.corrections import standing_events


class NamedBook:
    """Every case that was ever named in one of these facts; who takes back the naming takes it out."""

    def __init__(self, facts: Collection[str]) -> None:
        self._facts = facts
        self._named: dict[tuple[str, str], None] = {}
        self.ended: set[str] = set()

    def take(self, event: Event) -> None:
        """What one event says of named cases."""
        for code in self._facts:
            if event.facts.get(code):
                self._named[code, str(event.facts[code])] = None
        if event.kind == NAMED_CLOSED:
            self.ended.add(str(event.facts[LINKED_CASE]))
        elif event.kind == NAMED_REOPENED:
            self.ended.discard(str(event.facts[LINKED_CASE]))

    def take_over(self, other: NamedBook) -> None:
        """What was named under other rules."""
        self._named = {(code, case): None for code, case in other._named if code in self._facts}
        self.ended = set(other.ended)

    @property
    def cases(self) -> tuple[str, ...]:
        """All of them, in the order in which they were named."""
        return tuple(dict.fromkeys(case for _, case in self._named))

    def open_of(self, code: str) -> tuple[str, ...]:
        """Those named in this fact that have not ended."""
        return tuple(case for fact, case in self._named if fact == code and case not in self.ended)


def named_in(facts: Collection[str], log: Sequence[Event]) -> NamedBook:
    """The book of a log."""
    book = NamedBook(facts)
    for event in standing_events(log) if facts else ():
        book.take(event)
    return book


def heard_of_named(seq: int, case: str, at: datetime, recorded_at: datetime, *, has_ended: bool) -> Event:
    """The event which says that a named case has ended, or is taken up again."""
    facts: dict[str, Value] = {LINKED_CASE: case}
    return Event(seq, NAMED_CLOSED if has_ended else NAMED_REOPENED, at, recorded_at, role=WORLD, facts=facts)
