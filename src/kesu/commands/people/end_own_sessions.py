"""Somebody ends sessions of his own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.casefile import entry, house
from kesu.store.models import SignIn


@transaction.atomic
def end_own_sessions(*, actor: Actor, at: datetime, sign_in: UUID | None, but: UUID | None) -> int:
    """`sign_in`: only this one; else all except `but`, the one that asks. Those of others are not found. Returns how
    many it ended."""
    his = SignIn.objects.filter(account_id=actor.account_id)
    chosen = his.filter(pk=sign_in) if sign_in else his.exclude(pk=but) if but else his
    ended = entry.end(chosen)
    if ended:
        his_id, told = actor.account_id, {"sessions": ended}
        house.record("sessions.ended", at=at, by=his_id, subject=his_id, name=actor.name, after=told)
    return ended
