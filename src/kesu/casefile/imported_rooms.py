"""Rooms of a file against those that are there: what is new, what changes, what is wrong. And the writing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from kesu.casefile import estate
from kesu.casefile.imported import ROOMS, Wrong, told_of, wrong_of
from kesu.core.errors import Unacceptable
from kesu.core.importing import Line
from kesu.store.inserting import insert_many
from kesu.store.models import Room, RoomChange, RoomWarranty, Unit

Address = tuple[UUID, str, str, str]
_STATED: Final = ("phase", "place", "text", "delivered_on", "moved_in_on", "occupancy")


@dataclass(slots=True)
class Rooms:
    """`known`: by project and address, those of the file included."""

    known: dict[Address, Room] = field(default_factory=dict)
    new: list[Room] = field(default_factory=list)
    changed: list[Room] = field(default_factory=list)
    changes: list[RoomChange] = field(default_factory=list)
    warranties: dict[UUID, Mapping[str, date]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def counts(self, lines: int) -> dict[str, int]:
        new, changed = len(self.new), len(self.changed)
        return {"new": new, "changed": changed, "same": lines - new - changed}


def address_of(project: Unit, given: Mapping[str, str]) -> Address:
    parts = (" ".join(given.get(name, "").split()) for name in ("building", "entrance", "number"))
    building, entrance, number = parts
    return project.pk, building, entrance, number


def known_rooms(lines: Iterable[Line], projects: Mapping[str, Unit]) -> dict[Address, Room]:
    """The rooms of the buildings that any line names. One query."""
    named = [(projects[line.cells["project"]], line.cells) for line in lines if line.cells.get("project") in projects]
    buildings = {address_of(project, given)[1] for project, given in named}
    units = {project.pk: project for project, _given in named}
    rows = Room.objects.filter(project__pk__any=list(units), building__any=list(buildings)).defer("grams", "text")
    found = {}
    for room in rows:
        room.project = units[room.project_id]
        found[(room.project_id, room.building, room.entrance, room.number)] = room
    return found


def check_rooms(
    lines: Sequence[Line],
    projects: Mapping[str, Unit],
    known: dict[Address, Room],
    *,
    at: datetime,
    by: UUID,
    tell: Callable[[int], None],
) -> Rooms:
    """`projects`: those that may be changed, by name; `tell` hears how many lines are through. Two queries. Nothing is
    written."""
    found = Rooms(known=known)
    held: dict[UUID, dict[str, date]] = {}
    ids = [room.pk for room in known.values()]
    rows = RoomWarranty.objects.filter(room__pk__any=ids).values_list("room_id", "work", "until")
    for room_id, work, until in rows:
        held.setdefault(room_id, {})[work] = until
    seen: set[Address] = set()
    for line in told_of(lines, tell):
        project = projects.get(line.cells.get("project", ""))
        if project is None:
            found.wrong.append(Wrong(ROOMS, line.number, "project", "project_unknown"))
            continue
        address = address_of(project, line.cells)
        room = known.get(address)
        before = estate.document_of(room, held.get(room.pk, {})) if room else None
        try:
            stated = estate.read_room({**_given(before), **line.cells})
        except Unacceptable as refused:
            found.wrong.extend(wrong_of(ROOMS, line, refused))
            continue
        if address in seen:
            found.wrong.append(Wrong(ROOMS, line.number, "number", "twice_in_file"))
            continue
        seen.add(address)
        _take(found, project, room, before, stated, at=at, by=by)
    return found


def _given(document: Mapping[str, Any] | None) -> dict[str, str]:
    """A room that is there, as a line states it: an empty cell leaves it as it is."""
    if document is None:
        return {}
    warranties = "\n".join(f"{work} {until}" for work, until in document["warranties"].items())
    return {**document, "warranties": warranties}


def _take(
    found: Rooms,
    project: Unit,
    room: Room | None,
    before: Mapping[str, Any] | None,
    stated: estate.Stated,
    *,
    at: datetime,
    by: UUID,
) -> None:
    after = estate.document(stated)
    if before == after:
        return
    if room is None:
        room = estate.new_room(project, stated)
        found.known[(project.pk, *stated.address)] = room
        found.new.append(room)
    else:
        estate.state(room, project, stated)
        found.changed.append(room)
    if after["warranties"] != (before or {"warranties": {}})["warranties"]:
        found.warranties[room.pk] = stated.warranties
    found.changes.append(estate.change_row(room, at=at, by=by, act="room.imported", before=before or {}, after=after))


def write_rooms(found: Rooms) -> None:
    """A statement for each thousand."""
    insert_many(found.new)
    Room.objects.bulk_update(found.changed, _STATED, batch_size=500)
    changed = [room.pk for room in found.changed if room.pk in found.warranties]
    RoomWarranty.objects.filter(room__pk__any=changed).delete()
    rows = [
        RoomWarranty(room_id=room_id, work=work, until=until)
        for room_id, stated in found.warranties.items()
        for work, until in stated.items()
    ]
    insert_many(rows)
    insert_many(found.changes)
