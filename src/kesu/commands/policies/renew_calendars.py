"""A newly published year is brought into force for the policies that are adopted already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import adoption
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.calendar import Calendar, Source, Year
from kesu.policy.calendar.official import year_of
from kesu.store.models import Unit

_AHEAD: Final = 1


@dataclass(frozen=True, slots=True)
class Renewed:
    """One adoption that counts with another calendar from now on. `before`, `after`: versions of it."""

    unit: str
    kind: str
    name: str
    before: str
    after: str


@transaction.atomic
def renew_calendars(
    *, actor: Actor | None, at: datetime, unit_id: UUID | None = None, plan: Iterable[Year] = ()
) -> list[Renewed]:
    """`actor` None: the installation itself. `unit_id`: only what this unit and those below it have adopted. `plan`:
    years as they were published; they replace what a calendar knew of them. Every other year that a calendar knows
    only provisionally, and the coming one, is taken from the published data on board.

    What is received from `at` on is counted with the new calendars; open cases keep theirs. Calendars adopted without
    public holidays stay as they are. Raises `NotFound` for an unknown unit, `Forbidden` without the right to adopt."""
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else None
    if unit_id and unit is None:
        raise NotFound
    years = tuple(plan)
    renewed: list[Renewed] = []
    for standing in adoption.standing_adoptions(at):
        if unit is not None and not standing.unit.path.startswith(unit.path):
            continue
        if actor is not None and not actor.may_at(Permission.POLICY_ADOPT, standing.unit.path):
            raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
        old = Calendar.from_document(standing.calendar_version.document)
        new = _with_news(old, years, at)
        if new == old:
            continue
        adoption.count_with(standing, adoption.store_calendar(new, at=at), at)
        renewed.append(Renewed(standing.unit.name, standing.serves, new.name, old.version, new.version))
    return renewed


def _with_news(calendar: Calendar, plan: tuple[Year, ...], at: datetime) -> Calendar:
    if not calendar.years:
        return calendar
    known = {year.number for year in calendar.years if year.source is Source.OFFICIAL}
    this = calendar.local(at).year
    wanted = {year.number for year in calendar.years} | set(range(this, this + _AHEAD + 1))
    return calendar.with_years([*(year_of(number) for number in sorted(wanted - known)), *plan])
