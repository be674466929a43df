"""A room that was written by mistake, and that nothing hangs on, is taken away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.estate import room_for
from kesu.access.permissions import Permission
from kesu.casefile import estate, house
from kesu.core.errors import Unacceptable


@transaction.atomic
def remove_room(*, actor: Actor, at: datetime, room_id: UUID) -> None:
    """What was changed of it stays on record, and the record of the house says who removed it. Raises `NotFound`,
    `Forbidden`, and `Unacceptable` where a customer was linked to it at any time or a case names it."""
    estate.lock()
    room = room_for(actor, room_id, Permission.ROOM_EDIT, lock=True)
    if estate.is_used(room):
        raise Unacceptable("room_used")
    name = f"{room.project.name} {room}"
    house.record("room.removed", at=at, by=actor.account_id, subject=room.pk, name=name)
    room.delete()
