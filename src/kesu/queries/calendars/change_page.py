"""What a change of a calendar did: the days that it changed, and every deadline in sight that moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.calendars import change_for, kind_names
from kesu.access.cases import cards_for
from kesu.casefile.books import calendar_of
from kesu.casefile.citing import Citation, cite
from kesu.core.pages import leaf
from kesu.policy.calendar import Calendar
from kesu.policy.calendar.comparing import ChangedDay, changed_days, has_other_hours, newly_official, other_posts
from kesu.store.models import DeadlineMove

_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class MoveLine:
    case_id: UUID
    number: str
    title: str
    unit: str
    duty: str
    citations: tuple[Citation, ...]
    due_before: datetime
    due_after: datetime
    was_provisional: bool
    is_provisional: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`who`: empty where the installation made it; `unit`: empty where it counts everywhere, `kind`: where for all.
    `official`: the years
    whose plan came with it. `total`: of the moves in sight."""

    id: UUID
    made_at: datetime
    who: str
    unit: str
    kind: str
    source: str
    reason: str
    before: Calendar
    after: Calendar
    official: tuple[int, ...]
    other_hours: bool
    other_posts: tuple[str, ...]
    days: tuple[ChangedDay, ...]
    moves: tuple[MoveLine, ...]
    total: int
    page: int
    pages: int


def change_page(*, actor: Actor, change_id: UUID, size: int = 50, page: int = 1) -> ChangePage:
    """Raises `NotFound` for one that does not concern him. A fixed number of queries."""
    row = change_for(actor, change_id)
    before, after = calendar_of(row.before_id), calendar_of(row.after_id)
    found = DeadlineMove.objects.filter(change=row, case_id__in=cards_for(actor).values("pk"))
    total = found.count()
    shown = leaf(total, size, page)
    moves = found.select_related("case__card__unit").order_by("due_after", "pk")
    return ChangePage(
        id=row.pk,
        made_at=row.made_at,
        who=row.made_by.name if row.made_by else "",
        unit=row.unit.name if row.unit else "",
        kind=kind_names([row.kind]).get(row.kind, row.kind) if row.kind else "",
        source=row.source,
        reason=row.reason,
        before=before,
        after=after,
        official=tuple(sorted(newly_official(before, after))),
        other_hours=has_other_hours(before, after),
        other_posts=tuple(post.name for post in other_posts(before, after)),
        days=tuple(islice(changed_days(before, after), _DAYS)),
        moves=tuple(_line(one) for one in moves[shown.rows]),
        total=total,
        page=shown.number,
        pages=shown.pages,
    )


def _line(one: DeadlineMove) -> MoveLine:
    card = one.case.card
    return MoveLine(
        case_id=one.case_id,
        number=card.number,
        title=card.title,
        unit=card.unit.name,
        duty=one.name,
        citations=cite(one.case.policy_version_id, one.clauses),
        due_before=one.due_before,
        due_after=one.due_after,
        was_provisional=one.was_provisional,
        is_provisional=one.is_provisional,
        at=one.at,
    )
