"""An administrator clears the second factors of somebody who lost his telephone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import entry, house
from kesu.core.errors import Forbidden


@transaction.atomic
def reset_factors(*, actor: Actor, at: datetime, account_id: UUID) -> None:
    """Somebody lost his telephone: app, recovery codes, passkeys and the link of his calendar are removed, his
    sessions end. Raises `Forbidden` (also for oneself) and `NotFound`."""
    account = account_for(actor, account_id)
    if account.pk == actor.account_id:
        raise Forbidden("not_oneself")
    entry.remove_second_factors(account)
    ended = entry.end_all(account)
    told = {"sessions": ended}
    house.record("factor.reset", at=at, by=actor.account_id, subject=account.pk, name=account.name, after=told)
