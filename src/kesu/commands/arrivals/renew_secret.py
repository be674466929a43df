"""A program outside is given another secret: because the one it has was seen by others, or because it is time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.sources import EARLIER_FIELDS, drop_earlier, keep_earlier, seal_secret, source_for
from kesu.casefile import house
from kesu.core.signed_post import new_secret, written

_LONGEST: Final = timedelta(days=31)


@transaction.atomic
def renew_secret(*, actor: Actor, at: datetime, source_id: UUID, keeps: timedelta = timedelta(0)) -> str:
    """The new one as it is handed over, shown this once; the one before stays good for as long as `keeps` says,
    a month at most, and one before that for nothing. Raises `Forbidden`, `NotFound`."""
    house.wait_turn()
    source = source_for(actor, source_id, lock=True)
    drop_earlier(source)
    if keeps > timedelta(0):
        keep_earlier(source, at + min(keeps, _LONGEST))
    secret = new_secret()
    seal_secret(source, secret, at)
    source.save(update_fields=["key_id", "secret", "secret_since", *EARLIER_FIELDS])
    house.record("source.renewed", at=at, by=actor.account_id, subject=source.pk, name=source.name)
    return written(secret)
