"""Somebody removes a passkey of his own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.casefile import house
from kesu.core.errors import NotFound
from kesu.store.models import Passkey


@transaction.atomic
def remove_passkey(*, actor: Actor, at: datetime, passkey_id: UUID) -> None:
    """One's own; raises `NotFound` for another one's."""
    passkey = Passkey.objects.filter(pk=passkey_id, account_id=actor.account_id).first()
    if passkey is None:
        raise NotFound
    passkey.delete()
    told = {"factor": "passkey", "name": passkey.name}
    house.record("factor.removed", at=at, by=actor.account_id, subject=actor.account_id, name=actor.name, before=told)
