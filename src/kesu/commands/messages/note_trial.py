"""Somebody tries a channel out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import house


@transaction.atomic
def note_trial(*, actor: Actor, at: datetime, channel: str, name: str, carrier: str) -> None:
    """Before it is sent: every trial stands in the record, whatever becomes of it; not to whom. Raises `Forbidden`."""
    actor.require(Permission.SOURCES_EDIT)
    told = {"carrier": carrier}
    house.record("channel.tried", at=at, by=actor.account_id, subject=channel, name=name, after=told)
