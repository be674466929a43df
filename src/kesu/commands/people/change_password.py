"""Somebody changes his own password."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.casefile import entry, house
from kesu.core.errors import NotFound
from kesu.store.models import Account, SignIn


@transaction.atomic
def change_password(*, account_id: UUID, at: datetime, password: str, but: UUID | None = None) -> None:
    """For somebody whom the caller knows to be himself. Ends all his sessions except `but`. Raises `NotFound`,
    `Unacceptable` for a password that is weak or the same."""
    account = Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound
    entry.set_password(account, password)
    others = SignIn.objects.filter(account=account)
    entry.end(others.exclude(pk=but) if but else others)
    house.record("account.password_changed", at=at, by=account.pk, subject=account.pk, name=account.name)
