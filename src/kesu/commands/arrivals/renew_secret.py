"""A program outside is given another secret, because the one it has was lost or seen by others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.sources import seal_secret, source_for
from kesu.casefile import house
from kesu.core.signed_post import new_secret, written


@transaction.atomic
def renew_secret(*, actor: Actor, at: datetime, source_id: UUID) -> str:
    """The new one as it is handed over, shown this once; the one before is good for nothing from now on. Raises
    `Forbidden`, `NotFound`."""
    house.wait_turn()
    source = source_for(actor, source_id, lock=True)
    secret = new_secret()
    seal_secret(source, secret, at)
    source.save(update_fields=["key_id", "secret", "secret_since"])
    house.record("source.renewed", at=at, by=actor.account_id, subject=source.pk, name=source.name)
    return written(secret)
