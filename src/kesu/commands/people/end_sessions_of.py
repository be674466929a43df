"""An administrator ends all sessions of somebody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import entry, house


@transaction.atomic
def end_sessions_of(*, actor: Actor, at: datetime, account_id: UUID) -> int:
    """All of somebody. Raises `Forbidden` and `NotFound`. Returns how many there were."""
    account = account_for(actor, account_id)
    ended = entry.end_all(account)
    told = {"sessions": ended}
    house.record("sessions.ended", at=at, by=actor.account_id, subject=account.pk, name=account.name, after=told)
    return ended
