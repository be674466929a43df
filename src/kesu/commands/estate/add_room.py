"""A room is added to a project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.estate import project_for
from kesu.access.permissions import Permission
from kesu.casefile import estate
from kesu.core.errors import Unacceptable
from kesu.store.models import RoomWarranty


@transaction.atomic
def add_room(*, actor: Actor, at: datetime, given: Mapping[str, str]) -> UUID:
    """`given`: texts by field, `project` in hex. Raises `Forbidden`, or `Unacceptable` for fields that cannot be read
    and for an address that is there already."""
    project = project_for(actor, given.get("project", ""), Permission.ROOM_EDIT)
    stated = estate.read_room(given)
    estate.lock()
    if estate.stands(project, stated):
        raise Unacceptable("unreadable", data={"fields": {"number": "room_taken"}, "refusals": ()})
    room = estate.new_room(project, stated)
    room.save()
    RoomWarranty.objects.bulk_create([RoomWarranty(room=room, work=w, until=on) for w, on in stated.warranties.items()])
    after = estate.document(stated)
    estate.change_row(room, at=at, by=actor.account_id, act="room.added", before={}, after=after).save()
    return room.pk
