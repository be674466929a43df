"""What is known of a room changes: delivery, moving in, warranties, how it is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.estate import room_for
from kesu.access.permissions import Permission
from kesu.casefile import estate
from kesu.core.errors import Overtaken
from kesu.store.models import RoomWarranty


@transaction.atomic
def change_room(*, actor: Actor, at: datetime, room_id: UUID, seen_version: int, given: Mapping[str, str]) -> None:
    """`given`: texts by field; building, entrance and number stay what they are; `seen_version`: that of the room as
    the form showed it. Raises `NotFound`, `Forbidden`, `Unacceptable`, and `Overtaken` where the room changed since."""
    room = room_for(actor, room_id, Permission.ROOM_EDIT, lock=True)
    address = {"building": room.building, "entrance": room.entrance, "number": room.number}
    stated = estate.read_room({**given, **address})
    held = dict(RoomWarranty.objects.filter(room=room).values_list("work", "until"))
    before, after = estate.document_of(room, held), estate.document(stated)
    if before == after:
        return
    version = estate.version_of(room)
    if version != seen_version:
        raise Overtaken("row_moved", data={"seen": seen_version, "now": version})
    estate.state(room, room.project, stated)
    room.save()
    RoomWarranty.objects.filter(room=room).delete()
    RoomWarranty.objects.bulk_create([RoomWarranty(room=room, work=w, until=on) for w, on in stated.warranties.items()])
    estate.change_row(room, at=at, by=actor.account_id, act="room.changed", before=before, after=after).save()
