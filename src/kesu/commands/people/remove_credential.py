"""A recorded paper is removed: its number and its picture are gone. What cases were told of it stays with them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.credentials import credential_for
from kesu.casefile import house


@transaction.atomic
def remove_credential(*, actor: Actor, at: datetime, credential_id: UUID) -> UUID:
    """Of oneself, or of anybody with the right to change people. Returns whose it was. Raises `NotFound` and
    `Forbidden`."""
    row = credential_for(actor, credential_id, lock=True)
    before = {"kind": row.kind, "until": row.valid_until.isoformat()}
    account = row.account
    row.delete()
    house.record("credential.removed", at=at, by=actor.account_id, subject=account.pk, name=account.name, before=before)
    return account.pk
