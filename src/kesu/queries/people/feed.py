"""What the calendar program of one person is told: what he owes and may see at this moment, and what of it is over.

Nothing of a confidential case, and of a case no more than its number: the answer goes to a program of somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for, owed_in_sight
from kesu.access.feeds import feed_of
from kesu.access.scope import Scope
from kesu.store.models import CalendarFeed, Obligation

MOST: Final = 500
_CALLED_OFF: Final = timedelta(days=14)
"""So long what is over is still named, for programs that look seldom."""
_COLUMNS: Final = (
    "case_id", "key", "name", "due_at", "is_provisional", "state", "is_open", "case__number", "case__version",
    "case__card__changed_at", "case__card__unit__name", "case__policy_version_id",
)  # fmt: skip

_Rows = QuerySet[Obligation, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One deadline. `version`: how many events its case has; `is_over`: it is met, or no longer owed."""

    case_id: UUID
    key: str
    name: str
    number: str
    unit: str
    due_at: datetime
    is_provisional: bool
    is_over: bool
    is_met: bool
    version: int
    changed_at: datetime
    policy_hash: str


@dataclass(frozen=True, slots=True)
class Feed:
    """`told`: case and key of each obligation that is named; `has_news`: others than the last time."""

    account_id: UUID
    language: str
    lines: tuple[FeedLine, ...]
    told: tuple[tuple[str, str], ...]
    has_news: bool


def feed(*, digest: str, at: datetime, on: date) -> Feed:
    """Raises `NotFound` for a link that is good no more. Two queries beside those for the reader."""
    row, actor = feed_of(digest, on)
    owed = tuple(_lines(_owed(actor)))
    named = {(str(line.case_id), line.key) for line in owed}
    over = tuple(_lines(_over(row, actor, at, named)))
    told = tuple(sorted(named | {(str(line.case_id), line.key) for line in over}))
    before = sorted(tuple(one) for one in row.told)
    return Feed(row.account_id, row.account.language, (*owed, *over), told, list(told) != before)


def has_feed(*, actor: Actor) -> datetime | None:
    """Since when his link is good; None without one."""
    return CalendarFeed.objects.filter(account_id=actor.account_id).values_list("since", flat=True).first()


def _owed(actor: Actor) -> _Rows:
    scope = Scope.of(actor)
    mine = Obligation.objects.filter(
        owed_in_sight(scope), owners__account_id=scope.account, is_open=True, due_at__isnull=False
    )
    rows: _Rows = _open_to_all(mine).order_by("due_at", "pk").values(*_COLUMNS)[:MOST]
    return rows


def _over(row: CalendarFeed, actor: Actor, at: datetime, named: set[tuple[str, str]]) -> _Rows:
    gone = [(case, key) for case, key in row.told if (case, key) not in named][:MOST]
    wanted = Q(pk__in=[])
    for case, key in gone:
        wanted |= Q(case_id=case, key=key)
    ended = Obligation.objects.filter(
        wanted, case__card__in=cards_for(actor), is_open=False, ended_at__gt=at - _CALLED_OFF, due_at__isnull=False
    )
    rows: _Rows = _open_to_all(ended).order_by("due_at", "pk").values(*_COLUMNS)
    return rows


def _open_to_all(found: QuerySet[Obligation]) -> QuerySet[Obligation]:
    return found.filter(case__card__confidential=False)


def _lines(rows: _Rows) -> Iterator[FeedLine]:
    for row in rows:
        yield FeedLine(
            case_id=row["case_id"],
            key=row["key"],
            name=row["name"],
            number=row["case__number"],
            unit=row["case__card__unit__name"],
            due_at=row["due_at"],
            is_provisional=row["is_provisional"],
            is_over=not row["is_open"],
            is_met=row["state"] == "met",
            version=row["case__version"],
            changed_at=row["case__card__changed_at"],
            policy_hash=row["case__policy_version_id"],
        )
