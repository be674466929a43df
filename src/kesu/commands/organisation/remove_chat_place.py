"""A group of a work chat is no longer told of anything."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import chat_place_for
from kesu.access.permissions import Permission
from kesu.casefile import house


@transaction.atomic
def remove_chat_place(*, actor: Actor, at: datetime, place_id: UUID) -> None:
    """What was sent there stays with its cases; address and secret are destroyed. Raises `Forbidden` and `NotFound`."""
    actor.require(Permission.SOURCES_EDIT)
    house.wait_turn()
    place = chat_place_for(actor, place_id)
    place.removed_at, place.sealed = at, b""
    place.save(update_fields=["removed_at", "sealed"])
    house.record("chat_place.removed", at=at, by=actor.account_id, subject=place.pk, name=place.name)
