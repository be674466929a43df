"""What a program outside is told is signed by another secret from now on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.hooks import EARLIER_FIELDS, hook_for, keep_earlier, seal_secret
from kesu.casefile import house
from kesu.core.signed_post import new_secret, written

_LONGEST: Final = timedelta(days=31)


@transaction.atomic
def renew_hook_secret(*, actor: Actor, at: datetime, hook_id: UUID, keeps: timedelta = timedelta(0)) -> str:
    """The new one as it is handed over, shown this once. For as long as `keeps` says, a month at most, everything bears
    a signature by the one before as well. Raises `Forbidden`, `NotFound`."""
    house.wait_turn()
    hook = hook_for(actor, hook_id, lock=True)
    keep_earlier(hook, at + min(keeps, _LONGEST) if keeps > timedelta(0) else None)
    secret = new_secret()
    seal_secret(hook, secret, at)
    hook.save(update_fields=["key_id", "secret", "secret_since", *EARLIER_FIELDS])
    house.record("hook.renewed", at=at, by=actor.account_id, subject=hook.pk, name=hook.name)
    return written(secret)
