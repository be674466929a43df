"""The secret that a program outside had before is ended, before its time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.sources import EARLIER_FIELDS, drop_earlier, source_for
from kesu.casefile import house


@transaction.atomic
def end_earlier_secret(*, actor: Actor, at: datetime, source_id: UUID) -> None:
    """Where there is none any more nothing happens. Raises `Forbidden`, `NotFound`."""
    house.wait_turn()
    source = source_for(actor, source_id, lock=True)
    if source.earlier_until is None:
        return
    is_good = at < source.earlier_until
    drop_earlier(source)
    source.save(update_fields=list(EARLIER_FIELDS))
    if is_good:
        house.record("source.earlier_ended", at=at, by=actor.account_id, subject=source.pk, name=source.name)
