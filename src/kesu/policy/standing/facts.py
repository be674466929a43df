"""The facts of a case as events stated them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime, time
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.stepping import Handover
from kesu.policy.standing.lapsing import Lapses, lapsed_with

_NONE: Final[frozenset[str]] = frozenset()


class Ledger:
    """Stated values by fact, the events that stated them, and how many files came with each file fact.

    `stated` is another mapping after each event that states anything."""

    def __init__(self, kind: Kind, defaults: Mapping[str, Value], files: frozenset[str], lapses: Lapses) -> None:
        self.stated = defaults
        self.seqs: dict[str, int] = {}
        self.files: dict[str, int] = {}
        self.documents: dict[str, None] = {}
        self._known = kind.facts.keys()
        self._defaults = defaults
        self._file_facts = files
        self._lapses = lapses

    def take(self, event: Event) -> Set[str]:
        """Take back what is no longer with this event, then take in its own facts; an empty tuple takes a value back.
        Returns the codes taken back. What was `stated` before is left as it was."""
        facts = event.facts
        lapsed = lapsed_with(event, self._lapses) if event.kind in self._lapses else _NONE
        if not lapsed and not facts:
            return lapsed
        if lapsed:
            self._let_go(lapsed)
        if not facts.keys() <= self._known:  # what the engine itself says is no fact of the case
            facts = {code: value for code, value in facts.items() if code in self._known}
        self.stated = {**self.stated, **facts}
        seqs, seq = self.seqs, event.seq
        for code in facts:
            seqs[code] = seq
        if not self._file_facts.isdisjoint(facts):
            for code in self._file_facts.intersection(facts):
                value = facts[code]
                if isinstance(value, int):
                    self.files[code] = self.files.get(code, 0) + int(value)
        return lapsed

    def take_over(self, other: Ledger) -> None:
        """What was stated under other rules, as far as these know it."""
        held = {code: value for code, value in other.stated.items() if code in other.seqs and code in self._known}
        self.stated = {**self._defaults, **held}
        self.seqs = {code: other.seqs[code] for code in held}
        self.files = {code: count for code, count in other.files.items() if code in self._file_facts}
        self.documents = dict(other.documents)

    def _let_go(self, lapsed: Set[str]) -> None:
        stated = dict(self.stated)
        for code in lapsed:
            stated.pop(code, None)
            self.seqs.pop(code, None)
            self.files.pop(code, None)
            if code in self._defaults:
                stated[code] = self._defaults[code]
        self.stated = stated


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


def members_of(value: Value | None) -> frozenset[str]:
    """The persons in a group fact; none for any other value."""
    members = value if isinstance(value, tuple) else ()
    return frozenset(person for member in members if (person := person_of(str(member))))


def moved_to(kind: Kind, events: Sequence[Event]) -> str | None:
    """The unit to which the latest of the steps that move a case moved it."""
    units = [event.facts.get(move.to) for event, move in moves(kind, events)]
    return str(units[-1]) if units else None


def sight_lost_at(kind: Kind, events: Sequence[Event]) -> int:
    """The number of the latest event that moved the case away from the sight of whoever took part before; 0: none."""
    lost = (event.seq for event, move in moves(kind, events) if not move.keeps_sight)
    return max(lost, default=0)


def left_behind(kind: Kind, events: Sequence[Event]) -> frozenset[str]:
    """Those who acted on the case where it lay before and keep sight of it, whoever moved it on among them."""
    last, lost = max((event.seq for event, _ in moves(kind, events)), default=0), sight_lost_at(kind, events)
    return frozenset(event.by for event in events if event.by and lost < event.seq <= last)


def moves(kind: Kind, events: Sequence[Event]) -> Iterator[tuple[Event, Handover]]:
    """The events that moved the case to another unit, in the order of the log, each with the rule that does so."""
    for event in sorted(events, key=lambda event: event.seq):
        step = kind.steps.get(event.step or "")
        if step is not None and step.moves_to is not None:
            yield event, step.moves_to


def merged_into(kind: Kind, events: Sequence[Event]) -> str | None:
    """The case that the last step which merges names. `events`: without what was taken back."""
    steps = ((event, kind.steps.get(event.step or "")) for event in sorted(events, key=lambda event: event.seq))
    named = [str(event.facts.get(step.merges, "")) for event, step in steps if step is not None and step.merges]
    return named[-1] if named else None
