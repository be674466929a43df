"""An account is shut: nobody comes in with it, and whoever is in is out."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for, require_an_administrator
from kesu.casefile import absences, entry, house
from kesu.casefile.rest import wake_all_of
from kesu.core.errors import Forbidden, Unacceptable
from kesu.store.models import Absence, HouseChange


@transaction.atomic
def shut_account(*, actor: Actor, at: datetime, on: date, account_id: UUID, reason: str) -> None:
    """His posts and his work stay with him; whoever leaves for good hands them over. Those for whom he stands in have
    theirs again. Raises `NotFound`, `Forbidden`
    (also for oneself), `Unacceptable` without a reason and for the last one who may change rights."""
    account = account_for(actor, account_id)
    if account.pk == actor.account_id:
        raise Forbidden("not_oneself")
    house.check_texts(HouseChange, reason=reason, limits={"reason": "name"})
    house.wait_turn()
    account.refresh_from_db()
    if not account.is_active:
        raise Unacceptable("account_shut", data={"fields": {}, "refusals": ()})
    account.is_active, account.line = False, ""
    account.save(update_fields=["is_active", "line"])
    require_an_administrator(on)
    entry.end_all(account)
    entry.remove_feed(account)
    absences.settle([account.pk])
    wake_all_of([account.pk, *Absence.objects.filter(deputy=account).values_list("account_id", flat=True)], on, at)
    after = {"reason": reason.strip()}
    house.record("account.shut", at=at, by=actor.account_id, subject=account.pk, name=account.name, after=after)
