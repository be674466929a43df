"""Rooms: how an address is read, ordered and sought, and the record of what was changed of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Min

from kesu.casefile.search_row import line
from kesu.core.codes import half_width
from kesu.core.errors import Unacceptable
from kesu.core.importing import read_day
from kesu.core.searching import parted
from kesu.store.models import CaseCard, CustomerRoom, Room, RoomChange, Unit
from kesu.store.models.estate import Occupancy

ADDRESS: Final = ("phase", "building", "entrance", "number")
"""The parts of an address below the project, from large to small."""
_LONGEST: Final = {"phase": 40, "building": 40, "entrance": 20, "number": 20}
STATED: Final = ("project", *ADDRESS, "delivered_on", "moved_in_on", "occupancy", "warranties")
"""What may change of a room that stands."""

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('kesu.estate', 0))"
_SUFFIX: Final = re.compile(r"(号楼|栋|幢|座|楼|单元|梯|室|房)$")
_BEFORE_NAME: Final = re.compile(r"(?<=[0-9A-Za-z])\s+(?=(?:号楼|栋|幢|座|楼|单元|梯|室|房)(?![^\s\d]))")
_BEFORE_SUFFIX: Final = re.compile(r"(?<=\d)(?=[^\d\s])")
_WARRANTY: Final = re.compile(r"(?P<work>.+?)[\s:：]+(?P<until>\S+)")
_BETWEEN: Final = re.compile(r"[;；\n]+")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a form or a line of a file says of a room. `warranties`: kind of work to its last day under warranty."""

    phase: str
    building: str
    entrance: str
    number: str
    delivered_on: date | None
    moved_in_on: date | None
    occupancy: str
    warranties: Mapping[str, date]

    @property
    def address(self) -> tuple[str, str, str]:
        """What a room of a project is recognised by."""
        return self.building, self.entrance, self.number


def lock() -> None:
    """Of whoever adds rooms or imports: one at a time, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def stands(project: Unit, stated: Stated) -> bool:
    """Whether the project has a room of this address."""
    building, entrance, number = stated.address
    return Room.objects.filter(project=project, building=building, entrance=entrance, number=number).exists()


def is_used(room: Room) -> bool:
    """Whether anybody has or had to do with it, or a case of its project names it, in sight or not."""
    named = room_texts(room.building, room.entrance, room.number)
    return (
        CustomerRoom.objects.filter(room=room).exists()
        or CaseCard.objects.filter(unit_id=room.project_id, room__in=named).exists()
    )


def delivered(projects: Collection[UUID]) -> list[tuple[UUID, date]]:
    """Projects with the day on which the first room of each of their phases was handed over. One query."""
    stated = Room.objects.filter(project__in=projects, delivered_on__isnull=False)
    return list(stated.values_list("project", "phase").annotate(on=Min("delivered_on")).values_list("project", "on"))


def read_room(given: Mapping[str, str]) -> Stated:
    """Texts by field; `warranties` one a line or after semicolons: 防水 2030-06-01. Raises `Unacceptable` with every
    field that cannot be read."""
    wrong: dict[str, str] = {}
    texts = {name: _part(given, name, wrong) for name in ADDRESS}
    delivered, moved = _day(given, "delivered_on", wrong), _day(given, "moved_in_on", wrong)
    if delivered and moved and moved < delivered:
        wrong["moved_in_on"] = "before_delivery"
    occupancy = given.get("occupancy", "").strip()
    if occupancy and occupancy not in Occupancy.values:
        wrong["occupancy"] = "not_offered"
    warranties = _warranties(given.get("warranties", ""), wrong)
    if wrong:
        raise Unacceptable("unreadable", data={"fields": wrong, "refusals": ()})
    return Stated(**texts, delivered_on=delivered, moved_in_on=moved, occupancy=occupancy, warranties=warranties)


def plain_part(text: str) -> str:
    """A part of an address as it is kept: figures and letters of half width, single spaces."""
    return " ".join(half_width(text).split())


def bare_parts(address: str) -> tuple[str, ...]:
    """What tells the rooms of a project apart, however somebody separates it: 6, 1 and 102 of 6栋1单元102室, of
    6 栋 1 单元 102 and of 6-1-102."""
    words = parted(_BEFORE_NAME.sub("", plain_part(address))).replace("-", " ").split()
    return tuple(_SUFFIX.sub("", word) or word for word in words)


def _part(given: Mapping[str, str], name: str, wrong: dict[str, str]) -> str:
    text = plain_part(given.get(name, ""))
    longest = _LONGEST[name]
    if not text and name in {"building", "number"}:
        wrong[name] = "text_missing"
    elif len(text) > longest or "\x00" in text:
        wrong[name] = f"≤ {longest}"
    return text


def _day(given: Mapping[str, str], name: str, wrong: dict[str, str]) -> date | None:
    text = given.get(name, "").strip()
    on = read_day(text) if text else None
    if text and on is None:
        wrong[name] = "not_a_day"
    return on


def _warranties(text: str, wrong: dict[str, str]) -> dict[str, date]:
    found: dict[str, date] = {}
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        match = _WARRANTY.fullmatch(part)
        until = read_day(match["until"]) if match else None
        if match is None or until is None or len(match["work"]) > 40 or "\x00" in part:
            wrong["warranties"] = "not_a_warranty"
        else:
            found[match["work"].strip()] = until
    return found


def new_room(project: Unit, stated: Stated) -> Room:
    """Not yet written."""
    room = Room()
    state(room, project, stated)
    return room


def state(room: Room, project: Unit, stated: Stated) -> None:
    """What is stated, on the row; not yet written."""
    room.project = project
    room.building, room.entrance, room.number = stated.address
    room.phase, room.occupancy = stated.phase, stated.occupancy
    room.delivered_on, room.moved_in_on = stated.delivered_on, stated.moved_in_on
    room.place = project.path + "\t".join(map(padded, (room.phase, room.building, room.entrance, room.number)))
    room.text = line(" ".join(filter(None, (room.phase, *room_texts(room.building, room.entrance, room.number)))))


def padded(text: str) -> str:
    """Ordered as people count: 2 before 10."""
    return re.sub(r"\d+", lambda figures: figures[0].zfill(6), text)


def room_texts(building: str, entrance: str, number: str) -> tuple[str, ...]:
    """The ways in which people write the address of a room: 3栋 1单元 1702, 3 栋 1 单元 1702, 3-1-1702 (the last)."""
    parts = [part for part in (building, entrance, number) if part]
    bare = [_SUFFIX.sub("", part) or part for part in parts]
    spaced = _BEFORE_SUFFIX.sub(" ", " ".join(parts))
    return tuple(dict.fromkeys((" ".join(parts), spaced, "-".join(parts), "-".join(bare))))


def document(stated: Stated) -> dict[str, Any]:
    """What `STATED` names, but for the project, as the record keeps it."""
    return {
        **{name: getattr(stated, name) for name in ADDRESS},
        "delivered_on": _iso(stated.delivered_on),
        "moved_in_on": _iso(stated.moved_in_on),
        "occupancy": stated.occupancy,
        "warranties": {work: until.isoformat() for work, until in sorted(stated.warranties.items())},
    }


def document_of(room: Room, warranties: Mapping[str, date]) -> dict[str, Any]:
    """The same, of a room that stands."""
    return {
        **{name: getattr(room, name) for name in ADDRESS},
        "delivered_on": _iso(room.delivered_on),
        "moved_in_on": _iso(room.moved_in_on),
        "occupancy": room.occupancy,
        "warranties": {work: until.isoformat() for work, until in sorted(warranties.items())},
    }


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def version_of(room: Room) -> int:
    """Grows whenever the room changes; whoever changes it has locked its row. One query."""
    return RoomChange.objects.filter(room=room).order_by("-pk").values_list("pk", flat=True).first() or 0


def change_row(
    room: Room, *, at: datetime, by: UUID, act: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> RoomChange:
    """Only what differs; not yet written."""
    names = [name for name in STATED if before.get(name) != after.get(name)]
    return RoomChange(
        room_id=room.pk,
        at=at,
        account_id=by,
        act=act,
        before={name: before[name] for name in names if name in before},
        after={name: after[name] for name in names if after.get(name) or name in before},
    )
