"""A group of a work chat is no longer told of anything."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.core.errors import NotFound
from kesu.store.models import ChatPlace


@transaction.atomic
def remove_chat_place(*, actor: Actor, at: datetime, place_id: UUID) -> None:
    """What was sent there stays with its cases; address and secret are destroyed. Raises `Forbidden` and `NotFound`."""
    actor.require(Permission.SOURCES_EDIT)
    house.wait_turn()
    place = ChatPlace.objects.select_related("unit").filter(pk=place_id, removed_at=None).first()
    if place is None or not actor.may_at(Permission.SOURCES_EDIT, place.unit.path):
        raise NotFound
    place.removed_at, place.sealed = at, b""
    place.save(update_fields=["removed_at", "sealed"])
    house.record("chat_place.removed", at=at, by=actor.account_id, subject=place.pk, name=place.name)
