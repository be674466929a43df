"""Somebody turns his authenticator app off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.casefile import house
from kesu.store.models import Account, AuthenticatorApp, RecoveryCode


@transaction.atomic
def remove_app(*, actor: Actor, at: datetime) -> None:
    """One's own app and the recovery codes."""
    account = Account.objects.get(pk=actor.account_id)
    removed, _ = AuthenticatorApp.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    if removed:
        told = {"factor": "app"}
        house.record("factor.removed", at=at, by=account.pk, subject=account.pk, name=account.name, before=told)
