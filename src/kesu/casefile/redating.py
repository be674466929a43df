"""A running case goes over to a newer version of its calendar: by an event of its log, with a record of what moved and
a message to whoever owes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile import confidants
from kesu.casefile.books import calendar_of, pack_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.people import People, resolve, slots_of, units_in
from kesu.policy.calendar import Calendar
from kesu.policy.events import CALENDAR_RENEWED, COUNTED_WITH, Event, counted_with
from kesu.policy.standing import standing
from kesu.policy.standing.attempts import next_seq
from kesu.policy.standing.results import Obligation as Owed
from kesu.policy.standing.results import Standing
from kesu.store.fixed import FixedRows
from kesu.store.inserting import insert
from kesu.store.keys import ring
from kesu.store.models import (
    CalendarChange,
    Case,
    DeadlineMove,
    ObligationOwner,
    OutboxMessage,
    PolicyChange,
    SealedCase,
)

BY_CHANGE: Final = "calendar.change"
"""Fact of the event: the change that it follows."""
TEMPLATE: Final = "redated"
RERULED: Final = "reruled"
"""What whoever owes something is told: another calendar counts, or another version of the policy."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One open obligation before and after. When it was and is due also stands here of one that stands still and shows
    none: as its receipt says."""

    before: Owed
    after: Owed
    due_before: datetime
    due_after: datetime


def moves_with(file: CaseFile, calendar: Calendar, now: datetime) -> tuple[Moved, ...]:
    """What would move if the calendar counted from `now` on. Writes nothing."""
    event = renewed_event(file.log, calendar, "", now)
    return moves_between(file.standing(now), standing(file.kind, [*file.log, event], now, file.calendar))


def moves_between(before: Standing, after: Standing) -> tuple[Moved, ...]:
    """The obligations that are open in both and due at another instant."""
    then = {one.key: one for one in before.open_obligations if one.receipt is not None}
    return tuple(
        Moved(then[one.key], one, was.due_at, one.receipt.due_at)
        for one in after.open_obligations
        if one.key in then and one.receipt is not None
        if (was := then[one.key].receipt) is not None and was.due_at != one.receipt.due_at
    )


def renewed_event(log: Sequence[Event], calendar: Calendar, change: str, now: datetime) -> Event:
    facts = {COUNTED_WITH: calendar.version, **({BY_CHANGE: change} if change else {})}
    return Event(next_seq(log), CALENDAR_RENEWED, now, now, role="system", facts=facts, calendar=calendar)


def change_to_follow(file: CaseFile, changes: Sequence[CalendarChange]) -> CalendarChange | None:
    """The last of the changes, oldest first, that lead on from the calendar by which the case counts; None where none
    does, or where they lead back to it. A change counts for what was there before it was made, or was opened by what
    was in force before it."""
    start = counted_with(file.log, file.calendar).version
    version, since = start, _counted_since(file, changes)
    last: CalendarChange | None = None
    while True:
        following = (one for one in changes if one.before_id == version and one.made_at > since and _covers(one, file))
        change = next(following, None)
        if change is None:
            return last if version != start else None
        version, since, last = change.after_id, change.made_at, change


def _counted_since(file: CaseFile, changes: Sequence[CalendarChange]) -> datetime:
    """When its calendar began to count: with the change that it followed last, or when it was received."""
    followed = next((event for event in reversed(file.log) if event.kind == CALENDAR_RENEWED), None)
    if followed is None:
        return file.head.received_at
    known = {one.pk.hex: one.made_at for one in changes}
    return known.get(str(followed.facts.get(BY_CHANGE)), followed.recorded_at)


def _covers(change: CalendarChange, file: CaseFile) -> bool:
    return change.unit is None or file.head.unit.path.startswith(change.unit.path)


def all_changes() -> list[CalendarChange]:
    """Oldest first: there are a few a year."""
    return _CHANGES()


_CHANGES: Final = FixedRows(lambda: CalendarChange.objects.select_related("unit").order_by("made_at", "pk"))


def follow(file: CaseFile, changes: Sequence[CalendarChange], now: datetime) -> tuple[Moved, ...] | None:
    """Brings a locked case over to the calendar that its own has gone over into, and settles it. None: there is none,
    and nothing was done."""
    change = change_to_follow(file, changes)
    if change is None:
        return None
    now = max([now, *(event.recorded_at for event in file.log)])
    calendar = calendar_of(change.after_id)
    before = file.standing(now)
    event = renewed_event(file.log, calendar, change.pk.hex, now)
    moved = moves_between(before, standing(file.kind, [*file.log, event], now, file.calendar))
    file.hear(event, now)
    record(file, change, event.seq, moved, now)
    return moved


def record(
    file: CaseFile, change: CalendarChange | PolicyChange, seq: int, moved: Sequence[Moved], now: datetime
) -> None:
    """What moved, once it has: on record, and to whoever owes it. Of a sealed case in silence."""
    template = TEMPLATE if isinstance(change, CalendarChange) else RERULED
    if isinstance(file.head, SealedCase):
        insert(list(_in_silence(file, file.head, f"{template}@{seq}", moved, now)), or_keep=True)
    else:
        insert(_rows(file.head, change, seq, moved, now))
        insert(list(_letters(file.head, template, seq, moved, now)), or_keep=True)


def _rows(
    head: Case, change: CalendarChange | PolicyChange, seq: int, moved: Sequence[Moved], now: datetime
) -> list[DeadlineMove]:
    return [
        DeadlineMove(
            change=change if isinstance(change, CalendarChange) else None,
            policy_change=change if isinstance(change, PolicyChange) else None,
            case=head,
            seq=seq,
            key=one.after.key,
            name=one.after.name,
            clauses=list(one.after.clauses),
            due_before=one.due_before,
            due_after=one.due_after,
            was_provisional=one.before.is_provisional,
            is_provisional=one.after.is_provisional,
            at=now,
        )
        for one in moved
    ]


def _letters(head: Case, template: str, seq: int, moved: Sequence[Moved], now: datetime) -> Iterator[OutboxMessage]:
    """One a person and case, about what falls due first of what he owes."""
    clauses = pack_of(head.policy_version_id).clauses
    by_key = {one.after.key: one for one in moved}
    owners = ObligationOwner.objects.filter(obligation__case=head, obligation__key__in=by_key)
    of_whom: dict[UUID, list[Moved]] = {}
    for account, key in owners.values_list("account_id", "obligation__key"):
        of_whom.setdefault(account, []).append(by_key[key])
    for account, his in of_whom.items():
        first = min(his, key=lambda one: (one.due_after, one.after.key))
        payload = {
            "obligation": first.after.key,
            "clauses": sorted({clauses[code].printed for code in first.after.clauses if code in clauses}),
            "was": first.due_before.isoformat(),
        }
        key = f"{head.pk}/{template}@{seq}/{account.hex}"
        yield OutboxMessage(
            key=key, account_id=account, case=head, template=template, payload=payload, created_at=now, try_at=now
        )


def _in_silence(
    file: CaseFile, head: SealedCase, about: str, moved: Sequence[Moved], now: datetime
) -> Iterator[OutboxMessage]:
    """Of a sealed case only those who are let in on it hear, and no word of what it is about."""
    current = file.standing(now)
    people = People(head.unit.path, slots_of(file.kind), units_in(current.facts), file.calendar.local(now).date())
    told = confidants.told(head, file.kind, file.log, current, people)
    meant = {
        person.account_id
        for one in moved
        for person in resolve(one.after.owner, people, file.kind, file.log, current.facts, one.after.started_seq)
    }
    for account in sorted(meant, key=str):
        if told is None or account in told:
            key = ring().blind(f"{head.pk}/{about}/{account.hex}")
            yield OutboxMessage(key=key, account_id=account, template="sealed", payload={}, created_at=now, try_at=now)
