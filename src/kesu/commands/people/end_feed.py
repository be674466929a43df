"""Somebody takes the link of his calendar back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.casefile import house
from kesu.store.models import CalendarFeed


@transaction.atomic
def end_feed(*, actor: Actor, at: datetime) -> None:
    """From now on it opens nothing."""
    removed, _ = CalendarFeed.objects.filter(account_id=actor.account_id).delete()
    if removed:
        told, who = {"factor": "feed"}, actor.account_id
        house.record("factor.removed", at=at, by=who, subject=who, name=actor.name, before=told)
