"""What a change of a calendar did: the days that it changed, and every deadline in sight that moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.calendars import change_for
from kesu.access.moves import MoveLeaf, moves_in_sight
from kesu.casefile.books import calendar_of
from kesu.policy.calendar import Calendar
from kesu.policy.calendar.comparing import ChangedDay, changed_days, has_other_hours, newly_official
from kesu.store.models import DeadlineMove

_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`who`: empty where the installation made it; `unit`: empty where it counts everywhere. `official`: the years
    whose plan came with it."""

    id: UUID
    made_at: datetime
    who: str
    unit: str
    source: str
    reason: str
    before: Calendar
    after: Calendar
    official: tuple[int, ...]
    other_hours: bool
    days: tuple[ChangedDay, ...]
    moves: MoveLeaf


def change_page(*, actor: Actor, change_id: UUID, size: int = 50, page: int = 1) -> ChangePage:
    """Raises `NotFound` for one that does not concern him. A fixed number of queries."""
    row = change_for(actor, change_id)
    before, after = calendar_of(row.before_id), calendar_of(row.after_id)
    return ChangePage(
        id=row.pk,
        made_at=row.made_at,
        who=row.made_by.name if row.made_by else "",
        unit=row.unit.name if row.unit else "",
        source=row.source,
        reason=row.reason,
        before=before,
        after=after,
        official=tuple(sorted(newly_official(before, after))),
        other_hours=has_other_hours(before, after),
        days=tuple(islice(changed_days(before, after), _DAYS)),
        moves=moves_in_sight(actor, DeadlineMove.objects.filter(change=row), size, page),
    )
