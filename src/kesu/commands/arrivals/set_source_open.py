"""A program outside is shut out, or let in again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.sources import source_for
from kesu.casefile import house


@transaction.atomic
def set_source_open(*, actor: Actor, at: datetime, source_id: UUID, is_open: bool) -> None:
    """From this moment on. Raises `Forbidden`, `NotFound`."""
    house.wait_turn()
    source = source_for(actor, source_id, lock=True)
    if source.is_open == is_open:
        return
    source.is_open = is_open
    source.save(update_fields=["is_open"])
    act = "source.opened" if is_open else "source.shut"
    house.record(act, at=at, by=actor.account_id, subject=source.pk, name=source.name)
