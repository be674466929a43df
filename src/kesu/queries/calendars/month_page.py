"""日历: a month of a working calendar, and what falls due on its days for the reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import TruncDate

from kesu.access.actor import Actor
from kesu.access.calendars import (
    calendar_for,
    calendars_of,
    changes_of,
    kind_names,
    kinds_in,
    lacks_next_year,
)
from kesu.access.cases import cards_for
from kesu.casefile.books import served_by
from kesu.casefile.citing import Citation, cite
from kesu.policy.calendar import Calendar, Day, Period, PostHours, Source
from kesu.store.models import Adoption, Obligation

_TICK: Final = timedelta(microseconds=1)
_MOST: Final = 100
_CHANGES: Final = 20
_FIRST, _LAST = 1950, 2199


@dataclass(frozen=True, slots=True)
class Tab:
    """A calendar that counts for the reader. `serves`: unit, and kind with subject. `kinds`: the names of the kinds."""

    version: str
    name: str
    serves: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class DayCell:
    """`mine`, `all`: how many obligations in sight fall due then, and how many of them are the reader's own."""

    day: Day
    is_in_month: bool
    is_today: bool
    is_usual: bool  # worked as its weekday is, or not worked as its weekday is not
    mine: int
    all: int


@dataclass(frozen=True, slots=True)
class DueLine:
    case_id: UUID
    number: str
    title: str
    duty: str
    owner: str
    due_at: datetime
    is_provisional: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """`who`: empty where the installation made it; `kind`: where it counts for all."""

    id: UUID
    made_at: datetime
    who: str
    unit: str
    kind: str
    source: str
    reason: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MonthPage:
    """`post`: the slot whose hours it shows (empty: those of the whole), among `posts` by name; `shown`: by which
    calendar. `unknown`: the years in it of which no official plan is known; `asks_for_plan`: it is December, and the
    coming year is one of them. `dues`: what falls due on the chosen day."""

    tabs: tuple[Tab, ...]
    calendar: Calendar
    shown: Calendar
    post: str
    posts: tuple[PostHours, ...]
    is_in_use: bool
    may_change: bool
    month: date
    before: date | None
    after: date | None
    weeks: tuple[tuple[DayCell, ...], ...]
    hours: tuple[tuple[Period, ...], ...]
    unknown: tuple[int, ...]
    asks_for_plan: bool
    chosen: DayCell | None
    dues: tuple[DueLine, ...]
    due_count: int
    changes: tuple[ChangeLine, ...]


def month_page(
    *, actor: Actor, at: datetime, calendar_version: str = "", post: str = "", month: str = "", day: str = ""
) -> MonthPage | None:
    """`calendar_version` empty: the calendar nearest to him; None where none counts for him. `month` 2026-12, `day`
    2026-12-03; what is no month or no day counts as not asked for. Raises `NotFound` for a calendar that does not
    concern him. A fixed number of queries."""
    used = calendars_of(actor, at)
    if not used and not calendar_version:
        return None
    whole = calendar_for(actor, at, calendar_version) if calendar_version else used[0].calendar
    post = post if post in {one.slot for one in whole.posts} else ""
    calendar = whole.of_post(post)
    today = calendar.local(at).date()
    chosen = _date(day)
    first = _date(f"{month}-01") or (chosen or today).replace(day=1)
    counts = _Counts.of(actor, calendar, first, post)
    weeks = tuple(_weeks(calendar, first, today, counts))
    cell = next((one for week in weeks for one in week if one.day.date == chosen), None)
    dues = _dues(actor, calendar, cell.day.date, post) if cell is not None else None
    in_use = next((one for one in used if one.calendar.version == whole.version), None)
    shown = {one.day.date.year: one.day.source for week in weeks for one in week if one.is_in_month}
    return MonthPage(
        tabs=tuple(
            Tab(
                one.calendar.version,
                one.calendar.name,
                tuple(_serves(row) for row in one.rows),
                tuple(dict.fromkeys(kinds_in(one.rows).values())),
                bool(one.places),
            )
            for one in used
        ),
        calendar=whole,
        shown=calendar,
        post=post,
        posts=whole.posts,
        is_in_use=in_use is not None,
        may_change=in_use is not None and bool(in_use.places),
        month=first,
        before=_month(first, -1),
        after=_month(first, 1),
        weeks=weeks,
        hours=calendar.week,
        unknown=tuple(n for n, source in shown.items() if calendar.years and source is not Source.OFFICIAL),
        asks_for_plan=lacks_next_year(whole, at),
        chosen=cell,
        dues=tuple(_line(one) for one in dues[:_MOST]) if dues is not None else (),
        due_count=cell.all if cell is not None else 0,
        changes=_changes(actor),
    )


def _serves(row: Adoption) -> tuple[str, str]:
    return row.unit.name, served_by(row)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if _FIRST <= found.year <= _LAST else None


def _month(first: date, by: int) -> date | None:
    months = first.year * 12 + first.month - 1 + by
    year, month = divmod(months, 12)
    return date(year, month + 1, 1) if _FIRST <= year <= _LAST else None


@dataclass(frozen=True, slots=True)
class _Counts:
    mine: Mapping[date, int]
    all: Mapping[date, int]

    @classmethod
    def of(cls, actor: Actor, calendar: Calendar, first: date, post: str) -> _Counts:
        """Of the six weeks in which the month stands. Two queries."""
        start = first - timedelta(days=first.weekday())
        rows = _due_between(actor, calendar, start, start + timedelta(days=41), post)
        zone = ZoneInfo(calendar.zone)
        last = ExpressionWrapper(F("due_at") - _TICK, output_field=DateTimeField())
        by_day = rows.annotate(on=TruncDate(last, tzinfo=zone)).order_by().values("on")
        found = by_day.annotate(count=Count("pk", distinct=True)).values_list("on", "count")
        return cls(dict(found.filter(owners__account_id=actor.account_id)), dict(found))


def _due_between(actor: Actor, calendar: Calendar, first: date, last: date, post: str) -> QuerySet[Obligation]:
    """Of a post, or (empty) of all. A deadline of midnight belongs to the day that it ends."""
    rows = Obligation.objects.filter(is_open=True, case_id__in=cards_for(actor).values("pk"))
    rows = rows.filter(owner_role=post) if post else rows
    return rows.filter(due_at__gt=calendar.instant(first, time.min), due_at__lte=calendar.end_of_day(last))


def _weeks(calendar: Calendar, first: date, today: date, counts: _Counts) -> Iterator[tuple[DayCell, ...]]:
    on, after = first - timedelta(days=first.weekday()), _month(first, 1)
    while after is None or on < after:
        yield tuple(_cell(calendar, on + timedelta(days=n), first, today, counts) for n in range(7))
        on += timedelta(days=7)
        if on.month != first.month:
            return


def _cell(calendar: Calendar, on: date, first: date, today: date, counts: _Counts) -> DayCell:
    day = calendar.day(on)
    is_usual = day.periods == calendar.week[on.weekday()]
    return DayCell(day, on.month == first.month, on == today, is_usual, counts.mine.get(on, 0), counts.all.get(on, 0))


def _dues(actor: Actor, calendar: Calendar, on: date, post: str) -> QuerySet[Obligation]:
    rows = _due_between(actor, calendar, on, on, post).select_related("case__card")
    return rows.order_by("due_at", "pk")


def _line(one: Obligation) -> DueLine:
    assert one.due_at is not None
    card = one.case.card
    return DueLine(
        case_id=one.case_id,
        number=card.number,
        title=card.title,
        duty=one.name,
        owner=one.owner_name,
        due_at=one.due_at,
        is_provisional=one.is_provisional,
        citations=cite(one.case.policy_version_id, one.clauses),
    )


def _changes(actor: Actor) -> tuple[ChangeLine, ...]:
    rows = list(islice(changes_of(actor), _CHANGES))
    names = kind_names({row.kind for row in rows if row.kind})
    return tuple(
        ChangeLine(
            id=row.pk,
            made_at=row.made_at,
            who=row.made_by.name if row.made_by else "",
            unit=row.unit.name if row.unit else "",
            kind=names.get(row.kind, row.kind),
            source=row.source,
            reason=row.reason,
            before=row.before_id,
            after=row.after_id,
        )
        for row in rows
    )
