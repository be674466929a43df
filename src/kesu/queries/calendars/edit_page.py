"""A calendar before it is changed: how it is written now, where the reader may change it, and what would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.calendars import changeable, kind_names, kinds_in, slots_in, to_change
from kesu.access.cases import cards_for
from kesu.access.redating import Touched, WouldMove, preview_of
from kesu.casefile.calendar_drafts import Draft, PostDraft, YearDraft, read_draft
from kesu.policy.calendar import Calendar, Source
from kesu.policy.calendar.comparing import ChangedDay, changed_days, has_other_hours, newly_official, other_posts
from kesu.policy.calendar.files import read_file
from kesu.policy.calendar.lines import write_days, write_hours
from kesu.policy.calendar.shifts import write_shifts

_MOST: Final = 200
_MOST_CASES: Final = 200
"""That one request opens: each is worked out twice from its log."""
_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class EditPage:
    """`draft`: as the calendar is written now. `places`: units where he may change it, by identifier; `kinds`, `slots`:
    the names of the kinds that count with it and of the slots that may have hours of their own, by code."""

    calendar: Calendar
    places: tuple[tuple[UUID, str], ...]
    kinds: Mapping[str, str]
    slots: Mapping[str, str]
    draft: Draft


@dataclass(frozen=True, slots=True)
class DraftPreview:
    """`running`: cases that would go over; `moves`: at most 200 deadlines in sight that would be due at another time,
    `is_cut` where there are more; `in_sight`: how many cases he sees whose deadlines may move, of which `looked_at`
    were worked out, those first that fall due first. `touched`: by unit and kind, of cases that he need not see."""

    after: Calendar
    official: tuple[int, ...]
    other_hours: bool
    other_posts: tuple[str, ...]
    days: tuple[ChangedDay, ...]
    running: int
    moves: tuple[WouldMove, ...]
    is_cut: bool
    in_sight: int
    looked_at: int
    touched: tuple[Touched, ...]


def edit_page(*, actor: Actor, at: datetime, calendar_version: str) -> EditPage:
    """Raises `NotFound` for a calendar that does not count for him, `Forbidden` where he may change it nowhere."""
    found = changeable(actor, at, calendar_version)
    places = tuple((unit.pk, unit.name) for unit in found.places)
    slots = slots_in(found.rows) | {post.slot: post.name for post in found.calendar.posts}
    return EditPage(found.calendar, places, kinds_in(found.rows), slots, draft_of(found.calendar, at))


def draft_of(calendar: Calendar, at: datetime) -> Draft:
    """From last year to the next; what is older stays as it is and need not be looked at."""
    this = calendar.local(at).year
    known = {year.number: year for year in calendar.years if year.number >= this - 1}
    years = {
        number: YearDraft(write_days(known[number].days), known[number].source is Source.OFFICIAL)
        if number in known
        else YearDraft("", is_official=False)
        for number in sorted({*known, this + 1})
    }
    return Draft(
        week=tuple(write_hours(periods) for periods in calendar.week),
        regular=write_hours(calendar.regular),
        years=years,
        closures=write_days(calendar.closures),
        reason="",
        posts={post.slot: PostDraft(write_shifts(post.week), post.keeps_holidays) for post in calendar.posts},
    )


def draft_from_file(content: bytes) -> tuple[Mapping[int, str], int]:
    """The days of each year as a file says them, one a line, and how many events of it say nothing of work. Raises
    `LineUnreadable`."""
    found = read_file(content)
    return {year: write_days(days) for year, days in found.years.items()}, found.left_out


@transaction.atomic
def draft_preview(
    *, actor: Actor, at: datetime, calendar_version: str, unit_id: UUID | None, draft: Draft, kind: str = ""
) -> DraftPreview:
    """Writes nothing. Raises what `change_calendar` raises."""
    place = to_change(actor, at, calendar_version, unit_id, kind)
    before = place.calendar
    after = read_draft(draft, before, place.slots)
    seen = preview_of(lambda one: after if one == before else one, place.unit, cards_for(actor), at, kind, _MOST_CASES)
    moves = tuple(islice(seen.moves, _MOST + 1))
    names = kind_names({one.kind for one in seen.touched})
    return DraftPreview(
        after=after,
        official=tuple(sorted(newly_official(before, after))),
        other_hours=has_other_hours(before, after),
        other_posts=tuple(post.name for post in other_posts(before, after)),
        days=tuple(islice(changed_days(before, after), _DAYS)),
        running=sum(one.running for one in seen.changes),
        moves=moves[:_MOST],
        is_cut=len(moves) > _MOST,
        in_sight=seen.in_sight,
        looked_at=min(seen.in_sight, _MOST_CASES),
        touched=tuple(replace(one, kind=names.get(one.kind, one.kind)) for one in seen.touched),
    )
