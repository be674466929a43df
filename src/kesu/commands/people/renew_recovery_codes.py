"""Somebody has his recovery codes replaced."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.casefile import entry, house
from kesu.core.errors import Forbidden
from kesu.store.models import Account, AuthenticatorApp


@transaction.atomic
def renew_recovery_codes(*, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Ten new ones; the earlier ones are good no more. Raises `Forbidden` for somebody without an app."""
    account = Account.objects.select_for_update().get(pk=actor.account_id)
    if not AuthenticatorApp.objects.filter(account=account).exists():
        raise Forbidden("no_second_factor")
    told = {"factor": "recovery"}
    house.record("factor.added", at=at, by=account.pk, subject=account.pk, name=account.name, after=told)
    return entry.fresh_recovery_codes(account)
