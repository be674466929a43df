"""Somebody has his deadlines shown in a calendar program of his own."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.feeds import digest_of
from kesu.casefile import house
from kesu.store.models import Account, CalendarFeed


@transaction.atomic
def make_feed(*, actor: Actor, at: datetime) -> str:
    """A new secret, said this once; an earlier one is good no more."""
    account = Account.objects.select_for_update().get(pk=actor.account_id)
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        account=account, defaults={"digest": digest_of(secret), "since": at, "told": []}
    )
    told = {"factor": "feed"}
    house.record("factor.added", at=at, by=account.pk, subject=account.pk, name=account.name, after=told)
    return secret
