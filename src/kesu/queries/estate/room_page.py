"""One room: its address, its days, its warranties, who has to do with it, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.estate import room_for, rooms_for
from kesu.access.permissions import Permission
from kesu.casefile import estate
from kesu.casefile.estate import room_texts
from kesu.core.masking import masked_name
from kesu.store.models import CustomerRoom, Room, RoomChange, RoomWarranty

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Resident:
    """`ended_on`: the first day on which he had nothing to do with the room any more."""

    customer_id: UUID
    name: str
    kind: str
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class RoomCase:
    id: UUID
    number: str
    title: str
    stage: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RoomChangeLine:
    id: int
    at: datetime
    who: str
    act: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RoomPage:
    """`residents` are empty for readers who may see no customers here; `cases` are those that name this room;
    `version`: what whoever changes it must have seen. `twin`: the room whose address this one would have in half width;
    such pairs stand since before addresses were folded."""

    id: UUID
    name: str
    project: str
    project_id: str
    phase: str
    building: str
    entrance: str
    number: str
    occupancy: str
    delivered_on: date | None
    moved_in_on: date | None
    warranties: tuple[tuple[str, date], ...]
    residents: tuple[Resident, ...]
    cases: tuple[RoomCase, ...]
    changes: tuple[RoomChangeLine, ...]
    version: int
    twin: UUID | None
    sees_customers: bool
    may_edit: bool


def room_page(*, actor: Actor, room_id: UUID) -> RoomPage:
    """Seven queries at most, one more for a room whose address is not in half width. Raises `NotFound`."""
    room = room_for(actor, room_id)
    path = room.project.path
    sees = actor.may_at(Permission.CUSTOMER_READ, path)
    return RoomPage(
        id=room.pk,
        name=room_texts(room.building, room.entrance, room.number)[0],
        project=room.project.name,
        project_id=room.project_id.hex,
        phase=room.phase,
        building=room.building,
        entrance=room.entrance,
        number=room.number,
        occupancy=room.occupancy,
        delivered_on=room.delivered_on,
        moved_in_on=room.moved_in_on,
        warranties=tuple(RoomWarranty.objects.filter(room=room).order_by("work").values_list("work", "until")),
        residents=_residents(actor, room) if sees else (),
        cases=_cases(actor, room),
        changes=_changes(room),
        version=estate.version_of(room),
        twin=_twin(actor, room),
        sees_customers=sees,
        may_edit=actor.may_at(Permission.ROOM_EDIT, path),
    )


def _twin(actor: Actor, room: Room) -> UUID | None:
    kept = (room.building, room.entrance, room.number)
    plain = tuple(map(estate.plain_part, kept))
    if plain == kept:
        return None
    columns = dict(zip(("building", "entrance", "number"), plain, strict=True))
    return rooms_for(actor).filter(project_id=room.project_id, **columns).values_list("pk", flat=True).first()


def _residents(actor: Actor, room: Room) -> tuple[Resident, ...]:
    is_clear = actor.may_at(Permission.PERSONAL_READ, room.project.path)
    ties = CustomerRoom.objects.filter(room=room).order_by("ended_on", "pk").select_related("customer")
    return tuple(
        Resident(
            tie.customer.merged_into_id or tie.customer_id,
            tie.customer.name if is_clear else masked_name(tie.customer.name),
            tie.kind,
            tie.ended_on,
        )
        for tie in ties[:_MOST]
    )


def _cases(actor: Actor, room: Room) -> tuple[RoomCase, ...]:
    """Whose room a case names is personal: only for those who may see it there."""
    if not actor.may_at(Permission.PERSONAL_READ, room.project.path):
        return ()
    named = room_texts(room.building, room.entrance, room.number)
    cards = cards_for(actor).filter(unit_id=room.project_id, room__in=named).order_by("-received_at", "pk")
    return tuple(RoomCase(c.pk, c.number, c.title, c.stage_name, c.received_at) for c in cards[:_MOST])


def _changes(room: Room) -> tuple[RoomChangeLine, ...]:
    rows = RoomChange.objects.filter(room=room).select_related("account").order_by("-pk")
    return tuple(
        RoomChangeLine(row.pk, row.at, row.account.name, row.act, row.before, row.after) for row in rows[:_MOST]
    )
