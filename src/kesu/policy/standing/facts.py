"""The facts of a case as events stated them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, time

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.pack import Kind


class Ledger:
    """Stated values by fact, the events that stated them, and how many files came with each file fact.

    `lapses`: event → the facts that are no longer with it. `stated` is another mapping after each event that states
    anything."""

    def __init__(self, kind: Kind, lapses: Mapping[str, Sequence[str]]) -> None:
        self.stated: Mapping[str, Value] = {
            code: fact.default for code, fact in kind.facts.items() if fact.default is not None
        }
        self.seqs: dict[str, int] = {}
        self.files: dict[str, int] = {}
        self.documents: dict[str, None] = {}
        self._kind = kind
        self._lapses = lapses

    def take(self, event: Event) -> Set[str]:
        """Take back what is no longer with this event, then take in its own facts; an empty tuple takes a value back.
        Returns the codes taken back. What was `stated` before is left as it was."""
        lapsed = frozenset(self._lapses.get(event.kind, ()))
        if not lapsed and not event.facts:
            return lapsed
        stated = dict(self.stated)
        for code in lapsed:
            stated.pop(code, None)
            self.seqs.pop(code, None)
            self.files.pop(code, None)
            default = self._kind.facts[code].default
            if default is not None:
                stated[code] = default
        facts, seqs, seq = self._kind.facts, self.seqs, event.seq
        for code, value in event.facts.items():
            fact = facts.get(code)
            if fact is None:
                continue
            stated[code] = value
            seqs[code] = seq
            if fact.type is FactType.FILE and isinstance(value, int):
                self.files[code] = self.files.get(code, 0) + int(value)
        self.stated = stated
        return lapsed


def instant_of(value: Value, calendar: Calendar) -> datetime | None:
    """The instant that a date or time fact means: of a date its first moment. None for other values."""
    if isinstance(value, datetime):
        return value
    return calendar.instant(value, time.min) if isinstance(value, date) else None


def end_of(value: Value | None, calendar: Calendar) -> datetime | None:
    """The last instant that a stated date allows: of a date its 24:00. None for a value that is no date."""
    if isinstance(value, datetime):
        return value
    return calendar.end_of_day(value) if isinstance(value, date) else None


def role_of(member: str) -> str:
    """The role part of a group member ``role:person``."""
    return member.partition(":")[0]


def person_of(member: str) -> str:
    """The person part of a group member; empty when only the role is known."""
    return member.partition(":")[2]
