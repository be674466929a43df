"""Which working calendars concern a reader: those that count over or under his posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.adoption import slots_of, standing_adoptions
from kesu.casefile.books import calendar_of, kind_of, last_adopted, pack_of
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.policy.calendar import Calendar, Source
from kesu.store.models import Adoption, CalendarChange, Unit

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class InUse:
    """`rows`: the adoptions that count with it, as far as they concern the reader; `places`: the units among them where
    he may put another version into force, from the top."""

    calendar: Calendar
    rows: tuple[Adoption, ...]
    places: tuple[Unit, ...]


def calendars_of(actor: Actor, at: datetime) -> tuple[InUse, ...]:
    """What counts nearest to his own post first. Two queries."""
    by_version: dict[str, list[Adoption]] = {}
    for row in standing_adoptions(at):
        if _concerns(actor, row.unit.path):
            by_version.setdefault(row.calendar_version_id, []).append(row)
    own = actor.posts[0].scope_path if actor.posts else ""
    found = [_in_use(actor, version, rows) for version, rows in by_version.items()]
    return tuple(sorted(found, key=lambda one: (-_nearness(one.rows, own), one.calendar.name, one.calendar.version)))


def _in_use(actor: Actor, version: str, rows: Sequence[Adoption]) -> InUse:
    units = {row.unit.path: row.unit for row in rows if actor.may_at(Permission.POLICY_ADOPT, row.unit.path)}
    return InUse(calendar_of(version), tuple(rows), tuple(units[path] for path in sorted(units)))


def _nearness(rows: Sequence[Adoption], own: str) -> int:
    return max((len(row.unit.path) for row in rows if own.startswith(row.unit.path)), default=0)


def _concerns(actor: Actor, path: str) -> bool:
    return any(path.startswith(post.scope_path) or post.scope_path.startswith(path) for post in actor.posts)


def changes_of(actor: Actor) -> Iterator[CalendarChange]:
    """Those that concern him, newest first."""
    rows = CalendarChange.objects.select_related("unit", "made_by").order_by("-made_at", "-pk")
    return (row for row in rows if row.unit is None or _concerns(actor, row.unit.path))


def calendar_for(actor: Actor, at: datetime, version: str) -> Calendar:
    """One that counts for him, or that one of its versions went over into or came out of. Raises `NotFound`."""
    if version in {one.calendar.version for one in calendars_of(actor, at)}:
        return calendar_of(version)
    if any(version in {one.before_id, one.after_id} for one in changes_of(actor)):
        return calendar_of(version)
    raise NotFound


def change_for(actor: Actor, change_id: object) -> CalendarChange:
    """Raises `NotFound` for one that does not concern him."""
    row = CalendarChange.objects.select_related("unit", "made_by").filter(Q(pk=change_id)).first()
    if row is None or (row.unit is not None and not _concerns(actor, row.unit.path)):
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class ToChange:
    """`slots`: of the policies that count with it there, by code: those who may have hours of their own."""

    calendar: Calendar
    unit: Unit
    slots: Mapping[str, str]


def to_change(actor: Actor, at: datetime, version: str, unit_id: object, kind: str) -> ToChange:
    """The calendar and one of the units at which he may put another version into force, for a kind (empty: for all).
    Raises `NotFound` for a calendar that does not count for him, `Forbidden` where he may do so nowhere,
    `Unacceptable` for another unit, and for a kind that does not count with it there."""
    found = changeable(actor, at, version)
    unit = next((one for one in found.places if one.pk == unit_id), None)
    if unit is None:
        raise _unfit("unit", "no_place")
    rows = [row for row in found.rows if row.unit.path.startswith(unit.path)]
    if kind and kind not in {row.kind for row in rows}:
        raise _unfit("kind", "no_kind")
    return ToChange(found.calendar, unit, slots_in(rows))


def _unfit(field: str, why: str) -> Unacceptable:
    return Unacceptable("unreadable", data={"fields": {field: why}, "lines": {}, "refusals": ()})


def slots_in(rows: Iterable[Adoption]) -> dict[str, str]:
    """Names, by code, of the slots of the house in the policies of some adoptions, in their order."""
    found: dict[str, str] = {}
    for policy in dict.fromkeys(row.policy_version_id for row in rows):
        for code, (name, _clauses) in slots_of(pack_of(policy)).items():
            found.setdefault(code, name)
    return found


def kinds_in(rows: Iterable[Adoption]) -> dict[str, str]:
    """Names, by code, of the kinds that some adoptions are for."""
    return {row.kind: kind_of(row.policy_version_id, row.kind).name for row in rows}


def kind_names(kinds: Collection[str]) -> dict[str, str]:
    """As the policies that were adopted last call them."""
    return {code: kind.name for code, kind in last_adopted(kinds).items()}


def changeable(actor: Actor, at: datetime, version: str) -> InUse:
    """One that counts for him and that he may change. Raises `NotFound`, `Forbidden`."""
    found = next((one for one in calendars_of(actor, at) if one.calendar.version == version), None)
    if found is None:
        raise NotFound
    if not found.places:
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    return found


def unknown_next_year(actor: Actor, at: datetime) -> tuple[str, ...]:
    """From December on, the names of the calendars that he could bring the coming year's official plan into, and that
    do not know it. Nothing is asked before December, nor of who may not."""
    if not actor.may(Permission.POLICY_ADOPT):
        return ()
    found = (one.calendar for one in calendars_of(actor, at) if one.places)
    return tuple(dict.fromkeys(one.name for one in found if lacks_next_year(one, at)))


def lacks_next_year(calendar: Calendar, at: datetime) -> bool:
    """Whether it is December, and the calendar follows official plans and has none of the coming year."""
    today = calendar.local(at)
    known = {year.number for year in calendar.years if year.source is Source.OFFICIAL}
    return today.month == _DECEMBER and bool(calendar.years) and today.year + 1 not in known
