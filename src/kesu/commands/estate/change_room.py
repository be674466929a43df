"""What is known of a room changes: its address, delivery, moving in, warranties, how it is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import hold_people_of
from kesu.access.estate import project_for, room_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_places, estate
from kesu.core.errors import Overtaken, Unacceptable
from kesu.store.models import Room, RoomWarranty


@transaction.atomic
def change_room(*, actor: Actor, at: datetime, room_id: UUID, seen_version: int, given: Mapping[str, str]) -> None:
    """`given`: texts of all fields of the form, `project` in hex; `seen_version`: that of the room as the form showed
    it. Raises `NotFound`, `Forbidden`, `Unacceptable` (also where another room has this address), and `Overtaken` where
    the room changed since."""
    room = room_for(actor, room_id, Permission.ROOM_EDIT)
    project = project_for(actor, given.get("project", ""), Permission.ROOM_EDIT)
    stated = estate.read_room(given)
    goes = _address(room) != (project.pk, *stated.address)
    if goes:
        estate.lock()
        hold_people_of(room)  # before the room is locked, as whoever links them does
    room = room_for(actor, room_id, Permission.ROOM_EDIT, lock=True)
    held = dict(RoomWarranty.objects.filter(room=room).values_list("work", "until"))
    before = {"project": room.project.name, **estate.document_of(room, held)}
    after = {"project": project.name, **estate.document(stated)}
    if before == after and room.project_id == project.pk:
        return
    version = estate.version_of(room)
    if version != seen_version:
        raise Overtaken("row_moved", data={"seen": seen_version, "now": version})
    if goes and estate.stands(project, stated):
        raise Unacceptable("unreadable", data={"fields": {"number": "room_taken"}, "refusals": ()})
    estate.state(room, project, stated)
    room.save()
    RoomWarranty.objects.filter(room=room).delete()
    RoomWarranty.objects.bulk_create([RoomWarranty(room=room, work=w, until=on) for w, on in stated.warranties.items()])
    estate.change_row(room, at=at, by=actor.account_id, act="room.changed", before=before, after=after).save()
    if goes:
        customer_places.project(hold_people_of(room))


def _address(room: Room) -> tuple[UUID, str, str, str]:
    return room.project_id, room.building, room.entrance, room.number
