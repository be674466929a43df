"""Somebody who forgot his password is given one for a single use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import entry, house
from kesu.core.errors import Forbidden, Unacceptable
from kesu.core.ids import readable_code


@transaction.atomic
def give_password(*, actor: Actor, at: datetime, account_id: UUID) -> str:
    """Returns the password, which stands nowhere else; at its first use another one is asked for. All his sessions
    end; his second factor stays. Raises `Forbidden` (also for oneself), `NotFound`, `Unacceptable` for an account that
    is shut."""
    account = account_for(actor, account_id)
    if account.pk == actor.account_id:
        raise Forbidden("not_oneself")
    if not account.is_active:
        raise Unacceptable("account_shut", data={"fields": {}, "refusals": ()})
    password = readable_code(groups=3)
    account.must_change_password = True
    account.set_password(password)
    account.save(update_fields=["must_change_password", "password"])
    entry.end_all(account)
    house.record("account.password_given", at=at, by=actor.account_id, subject=account.pk, name=account.name)
    return password
