"""Settles several ordinary cases in one transaction, with the same statements for all: as many fall due at one moment.

Each case is read, reckoned and settled by itself, as it would be alone; only the way to the database is shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.desk import ManyDesk
from kesu.casefile.hearing_of import parent_of
from kesu.casefile.log import read_ahead, read_logs
from kesu.casefile.people import Holders, People, slots_of
from kesu.casefile.redating import all_changes, change_to_follow
from kesu.casefile.search_text import SEARCHED
from kesu.casefile.waiting_for import waits
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.links import linked_in
from kesu.policy.standing.results import Effect, Standing
from kesu.store.models import Case

Guard = Callable[[UUID], AbstractContextManager[None]]
"""What stands round the settling of one case, given which."""


class _SpeaksWithOthers(Exception):
    """What is owed here opens another case, looks over all of them, or moves this one on."""


@dataclass(slots=True)
class _ByItself(CaseFile):
    """A case of which only messages are owed. Raises `_SpeaksWithOthers` where it is more."""

    holders: Holders = field(default_factory=lambda: Holders(()))

    def _people_of(self, current: Standing, now: datetime) -> People:
        on = self.calendar.local(now).date()
        return self.holders.of(self.head.unit.path, slots_of(self.kind), current.facts, on)

    def _open_linked(self, _effect: Effect, _current: Standing, _now: datetime) -> NoReturn:
        raise _SpeaksWithOthers

    def _look_over_cases(self, _effect: Effect, _now: datetime) -> NoReturn:
        raise _SpeaksWithOthers

    def _take_for_system(self, _effect: Effect, _now: datetime) -> NoReturn:
        raise _SpeaksWithOthers


def settle_together(heads: Sequence[Case], now: datetime, guard: Guard) -> list[UUID]:
    """The caller holds the cases. Returns those that it left alone, untouched: they are to be settled one at a time."""
    opened = [(head, kind_of(head.policy_version_id, head.kind)) for head in heads]
    logs = read_logs(opened)
    able = [(head, kind) for head, kind in opened if _is_apart(kind, logs[head.pk])]
    read_ahead([head for head, _ in able], SEARCHED)
    holders = Holders([logs[head.pk] for head, _ in able])
    desk, settled, changes = ManyDesk(), set[UUID](), all_changes()
    for head, kind in able:
        calendar = calendar_of(head.calendar_version_id)
        with guard(head.pk), suppress(_SpeaksWithOthers), desk.apart():
            file = _ByItself(head, kind, calendar, logs[head.pk], desk=desk, holders=holders)
            if change_to_follow(file, changes) is None:
                file.settle(now)
                settled.add(head.pk)
    desk.finish()
    return [head.pk for head in heads if head.pk not in settled]


def _is_apart(kind: Kind, log: Sequence[Event]) -> bool:
    """Whether it has no part in another case, nor in accounts that several cases move."""
    return not (kind.ledgers or parent_of(log) or linked_in(log) or waits(kind, log))
