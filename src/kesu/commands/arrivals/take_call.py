"""Whoever a call rings for opens the form with the caller's number."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.calls import calls_of, number_of
from kesu.core.errors import NotFound


@transaction.atomic
def take_call(*, actor: Actor, at: datetime, call_id: UUID) -> str:
    """The number in clear; from now on he is not told of this call any more. Raises `NotFound` for a call on another's
    line, and a day later for his own."""
    call = calls_of(actor, at).select_for_update().filter(pk=call_id).first()
    if call is None:
        raise NotFound
    if call.over_at is None:
        call.over_at = at
        call.save(update_fields=["over_at"])
    return number_of(call)
