"""Which calendars go over into which others: those that adoptions count with, and those that running cases still do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.casefile import adoption
from kesu.casefile.books import calendar_of
from kesu.policy.calendar import Calendar, Source, Year
from kesu.policy.calendar.official import year_of
from kesu.store.models import Adoption, CalendarChange, CaseCard, SealedCase, Unit
from kesu.store.models.cases import OPEN_CARD
from kesu.store.sealed_reader import SYSTEM, read_as

_AHEAD: Final = 1

Changing = Callable[[Calendar], Calendar]
"""What becomes of a calendar; the same one where nothing does."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One calendar that goes over into another in a part of the organisation (None: everywhere), for cases of one kind
    (empty: of any). `adoptions`: those that count with it, none where only running cases do."""

    unit: Unit | None
    before: Calendar
    after: Calendar
    adoptions: tuple[Adoption, ...] = ()
    kind: str = ""


def with_news(plan: Sequence[Year], at: datetime) -> Changing:
    """The years of a plan as they were published, and of all that a calendar knows only provisionally, and the coming
    one, what is on board. Calendars without public holidays stay as they are."""

    def change(calendar: Calendar) -> Calendar:
        if not calendar.years:
            return calendar
        known = {year.number for year in calendar.years if year.source is Source.OFFICIAL}
        this = calendar.local(at).year
        wanted = {year.number for year in calendar.years} | set(range(this, this + _AHEAD + 1))
        return calendar.with_years([*(year_of(number) for number in sorted(wanted - known)), *plan])

    return change


def wanted(change: Changing, at: datetime, unit: Unit | None, kind: str = "") -> list[Wanted]:
    """What the change does to what is adopted in and under `unit` (None: everywhere) for a kind (empty: for any), and
    to what running cases there count with beside it. Inside a transaction."""
    by_version: dict[str, list[Adoption]] = {}
    for row in adoption.standing_adoptions(at):
        if (unit is None or row.unit.path.startswith(unit.path)) and kind in {"", row.kind}:
            by_version.setdefault(row.calendar_version_id, []).append(row)
    found: list[Wanted] = []
    for version, rows in by_version.items():
        before = calendar_of(version)
        after = change(before)
        if after != before:
            found += [Wanted(place, before, after, those, kind) for place, those in _by_place(rows)]
    changes = list(CalendarChange.objects.filter(kind__in={"", kind}).select_related("unit"))
    running = _Running.under(unit, kind)
    for version in sorted(running.versions()):
        before = calendar_of(version)
        after = change(before)
        if after == before:
            continue
        places = [one.unit for one in found if (one.before, one.after) == (before, after)]
        goes = (before.version, after.version)
        places += [one.unit for one in changes if (one.before_id, one.after_id) == goes]
        if running.is_any(version, outside=places):
            found.append(Wanted(unit, before, after, (), kind))
    return found


def _by_place(rows: Sequence[Adoption]) -> list[tuple[Unit, tuple[Adoption, ...]]]:
    """The uppermost units of them, each with what was adopted there and below."""
    places: list[tuple[Unit, list[Adoption]]] = []
    for row in sorted(rows, key=lambda one: (one.unit.path, one.kind, one.subject)):
        if not places or not row.unit.path.startswith(places[-1][0].path):
            places.append((row.unit, []))
        places[-1][1].append(row)
    return [(place, tuple(those)) for place, those in places]


@dataclass(frozen=True, slots=True)
class _Running:
    """Running cases in a part of the organisation, ordinary and sealed."""

    cards: QuerySet[CaseCard]
    sealed: QuerySet[SealedCase]

    @classmethod
    def under(cls, unit: Unit | None, kind: str) -> _Running:
        read_as(SYSTEM)
        cards, sealed = CaseCard.objects.filter(OPEN_CARD), SealedCase.objects.filter(is_final=False)
        if unit is not None:
            cards = cards.filter(unit_path__startswith=unit.path)
            sealed = sealed.filter(unit__path__startswith=unit.path)
        if kind:
            cards, sealed = cards.filter(kind=kind), sealed.filter(kind=kind)
        return cls(cards, sealed)

    def versions(self) -> set[str]:
        """The calendars by which they count."""
        ordinary = self.cards.order_by().values_list("counted_with_id", flat=True).distinct()
        sealed = self.sealed.values_list("calendar_version_id", "counted_with_id")
        return {*ordinary, *(later or first for first, later in sealed)}

    def is_any(self, version: str, *, outside: Sequence[Unit | None]) -> bool:
        """Whether one counts with a calendar that lies in none of these places (None: everywhere)."""
        if None in outside:
            return False
        first = Q(counted_with__isnull=True, calendar_version_id=version)
        cards, sealed = (
            self.cards.filter(counted_with_id=version),
            self.sealed.filter(first | Q(counted_with_id=version)),
        )
        for place in outside:
            assert place is not None
            cards = cards.exclude(unit_path__startswith=place.path)
            sealed = sealed.exclude(unit__path__startswith=place.path)
        return cards.exists() or sealed.exists()


def write(one: Wanted, *, at: datetime, made_by: UUID | None, source: str, reason: str) -> CalendarChange:
    """The new version in the books, the adoptions with it from `at` on, and the change on record. Running cases follow
    when somebody comes round to them."""
    version = adoption.store_calendar(one.after, at=at)
    for row in one.adoptions:
        adoption.count_with(row, version, at)
    return CalendarChange.objects.create(
        before_id=one.before.version,
        after=version,
        unit=one.unit,
        kind=one.kind,
        source=source,
        reason=reason,
        made_at=at,
        made_by_id=made_by,
    )
