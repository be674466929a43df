"""Somebody comes by a company's own sign-on for the first time. No account is ever made by it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.casefile import entry
from kesu.core.codes import half_width
from kesu.store.models import Account, Identity


@transaction.atomic
def link_by_login(*, at: datetime, provider: str, subject: str, login: str) -> UUID | None:
    """Somebody comes by this provider for the first time, and it names an account that is open and not linked with it
    yet. Whoever calls has verified what the provider says. None where there is no such account."""
    account = Account.objects.select_for_update().filter(login=half_width(login).lower(), is_active=True).first()
    if account is None or Identity.objects.filter(provider=provider, account=account).exists():
        return None
    entry.link(account, provider, subject, at=at, by=None)
    return account.pk
