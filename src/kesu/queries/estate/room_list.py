"""The list of rooms in the reader's reach, with who has to do with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.estate import projects_for, rooms_for, rooms_holding
from kesu.access.finding import found_page
from kesu.access.permissions import Permission
from kesu.core.masking import masked_name
from kesu.core.pages import leaf
from kesu.core.searching import marked, read_search
from kesu.store.models import CustomerRoom, Unit
from kesu.store.models.estate import Occupancy

SIZE: Final = 50
MOST: Final = 2_000
MOST_FOUND: Final = 200
"""A list counts no further, and a search not even so far: nobody turns so many pages."""


_SHOWN: Final = (
    "pk",
    "project_id",
    "phase",
    "building",
    "entrance",
    "number",
    "occupancy",
    "delivered_on",
    "moved_in_on",
)


@dataclass(frozen=True, slots=True)
class RoomFilter:
    """What the address of the list says; `project` in hex."""

    project: str = ""
    occupancy: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class RoomRow:
    """`people`: name and kind of those linked, where the reader may see customers; masked unless he may see names."""

    id: UUID
    project: str
    phase: str
    building: str
    entrance: str
    number: str
    occupancy: str
    delivered_on: date | None
    moved_in_on: date | None
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RoomList:
    """`total` is at most `most` + 1. `projects`: hex and name; `marked`: the words sought."""

    rows: tuple[RoomRow, ...]
    total: int
    most: int
    page: int
    pages: int
    projects: tuple[tuple[str, str], ...]
    marked: tuple[str, ...]
    refusal: str
    may_edit: bool


def room_list(*, actor: Actor, room_filter: RoomFilter) -> RoomList:
    """By project and address. Five queries, one more for words that are neither rare nor everywhere. Raises
    `Forbidden`."""
    actor.require(Permission.ROOM_READ)
    projects = projects_for(actor, Permission.ROOM_READ)
    search = read_search(room_filter.text)
    inside = next((one.path for one in projects if one.pk.hex == room_filter.project), "")
    found = rooms_for(actor, inside)
    if room_filter.occupancy in Occupancy.values:
        found = found.filter(occupancy=room_filter.occupancy)
    most = MOST_FOUND if search.words or search.refusal else MOST
    if search.words:
        ids, total, shown = found_page(rooms_holding(found, search), found, search, most, SIZE, room_filter.page)
    else:
        found = found.none() if search.refusal else found
        total = found.order_by()[: most + 1].count()
        shown = leaf(min(total, most), SIZE, room_filter.page)
        ids = list(found.order_by("place", "pk").values_list("pk", flat=True)[shown.rows])
    return RoomList(
        rows=_rows(actor, ids, {one.pk: one for one in projects}),
        total=total,
        most=most,
        page=shown.number,
        pages=shown.pages,
        projects=tuple((one.pk.hex, one.name) for one in projects),
        marked=marked(search.words),
        refusal=search.refusal,
        may_edit=actor.may(Permission.ROOM_EDIT),
    )


def _rows(actor: Actor, ids: list[UUID], projects: Mapping[UUID, Unit]) -> tuple[RoomRow, ...]:
    """Two queries. Which rooms stand on the page was read from the index alone, however far back it is."""
    rooms = rooms_for(actor).filter(pk__any=ids).order_by("place", "pk").values_list(*_SHOWN)
    rows = [(pk, projects[project_id], shown) for pk, project_id, *shown in rooms]
    people = _people_of(actor, {pk: project for pk, project, _shown in rows})
    return tuple(_row(pk, project, shown, people.get(pk, ())) for pk, project, shown in rows)


def _row(pk: UUID, project: Unit, shown: Sequence[Any], people: tuple[tuple[str, str], ...]) -> RoomRow:
    return RoomRow(id=pk, project=project.name, people=people, **dict(zip(_SHOWN[2:], shown, strict=True)))


def _people_of(actor: Actor, rooms: Mapping[UUID, Unit]) -> Mapping[UUID, tuple[tuple[str, str], ...]]:
    """Name and kind by room. One query."""
    ties = CustomerRoom.objects.filter(room__pk__any=list(rooms), ended_on__isnull=True).order_by("pk")
    people: dict[UUID, tuple[tuple[str, str], ...]] = {}
    for room_id, name, kind in ties.values_list("room_id", "customer__name", "kind"):
        path = rooms[room_id].path
        if actor.may_at(Permission.CUSTOMER_READ, path):
            shown = name if actor.may_at(Permission.PERSONAL_READ, path) else masked_name(name)
            people[room_id] = (*people.get(room_id, ()), (shown, kind))
    return people
