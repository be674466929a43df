"""Somebody gives up a message that did not arrive, and says why."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.undelivered import undelivered_for
from kesu.casefile.house import check_texts
from kesu.store.models import OutboxMessage


@transaction.atomic
def give_up_message(*, actor: Actor, at: datetime, message_id: int, why: str) -> None:
    """Raises `NotFound`, and `Unacceptable` without a reason."""
    message = undelivered_for(actor, message_id)
    check_texts(OutboxMessage, limits={"why": "settled_why"}, why=why)
    message.state, message.settled_why = "dropped", why.strip()
    message.settled_by_id, message.settled_at = actor.account_id, at
    message.save(update_fields=["state", "settled_why", "settled_by", "settled_at"])
