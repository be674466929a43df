"""An account that was shut is opened again, with a password that only its first use outlives."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for
from kesu.casefile import absences, house
from kesu.casefile.rest import wake_all_of
from kesu.core.errors import Unacceptable
from kesu.core.ids import readable_code


@transaction.atomic
def reopen_account(*, actor: Actor, at: datetime, on: date, account_id: UUID) -> str:
    """Returns the one-time password, which stands nowhere else. What he held when it was shut he holds again; posts
    that were handed over stay with the successor, what names him in open cases is his from `on`, today.

    Raises `Forbidden`, `NotFound`, `Unacceptable` for an account that is open."""
    account = account_for(actor, account_id)
    house.wait_turn()
    account.refresh_from_db()
    if account.is_active:
        raise Unacceptable("account_open", data={"fields": {}, "refusals": ()})
    password = readable_code(groups=3)
    account.is_active, account.must_change_password = True, True
    account.set_password(password)
    account.save(update_fields=["is_active", "must_change_password", "password"])
    absences.come_back(account.pk, on)
    absences.settle([account.pk])
    wake_all_of([account.pk], on, at)
    house.record("account.reopened", at=at, by=actor.account_id, subject=account.pk, name=account.name)
    return password
