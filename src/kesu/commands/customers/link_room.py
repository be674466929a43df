"""A customer has to do with a room from now on."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.estate import rooms_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_places, customers
from kesu.casefile.estate import bare_parts, plain_part, room_texts
from kesu.core.errors import NotFound, Unacceptable
from kesu.store.models import CustomerRoom, Room
from kesu.store.models.customers import CustomerKind

_MOST_COMPARED: Final = 500


@transaction.atomic
def link_room(*, actor: Actor, at: datetime, customer_id: UUID, project: str, room: str, kind: str) -> None:
    """`room`: its address as people write it (3-1-1702); `project`: hex; `kind`: what he is there. Raises `NotFound`,
    `Forbidden`, or `Unacceptable` for a room that is not there, not in sight, or linked already."""
    row = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT, lock=True).row
    if row.erased_at is not None:
        raise NotFound
    found = _named(actor, project, room)
    wrong: dict[str, str] = {}
    if kind not in CustomerKind.values:
        wrong["kind"] = "not_offered"
    if found is None:
        wrong["room"] = "room_unknown"
    elif CustomerRoom.objects.filter(customer=row, room=found, ended_on__isnull=True).exists():
        wrong["room"] = "room_linked"
    if found is None or wrong:
        raise Unacceptable("unreadable", data={"fields": wrong, "refusals": ()})
    CustomerRoom.objects.create(customer=row, room=found, kind=kind)
    customers.record(row, at=at, by=actor.account_id, act="room.linked", after={"room": str(found), "kind": kind})
    customer_places.project([row.pk])


def _named(actor: Actor, project: str, room: str) -> Room | None:
    """The only room of the project that people may write like this."""
    try:
        rooms = rooms_for(actor).filter(project_id=UUID(project))
    except ValueError:
        return None
    plain, parts = plain_part(room), bare_parts(room)
    likely = list(rooms.filter(number__startswith=parts[-1])[:_MOST_COMPARED] if parts else ())
    named = [one for one in likely if plain in room_texts(one.building, one.entrance, one.number)]
    named = named or [one for one in likely if parts == bare_parts(f"{one.building} {one.entrance} {one.number}")]
    return named[0] if len(named) == 1 else None
