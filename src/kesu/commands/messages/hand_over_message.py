"""Somebody has brought a message to its recipient himself: on paper, by post, by word of mouth."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.undelivered import undelivered_for
from kesu.casefile.addresses import PAPER
from kesu.casefile.house import check_texts, unreadable
from kesu.casefile.routing import BY_HAND
from kesu.store.models import OutboxMessage


@transaction.atomic
def hand_over_message(*, actor: Actor, at: datetime, message_id: int, how: str) -> None:
    """`how`: to whom, and how (in person, by registered post with its number). Raises `NotFound`, and `Unacceptable`
    without it, or for a message that does not wait to be handed over."""
    message = undelivered_for(actor, message_id)
    if message.error != BY_HAND:
        raise unreadable({"how": "not_on_paper"})
    check_texts(OutboxMessage, limits={"how": "settled_why"}, how=how)
    message.state, message.channel, message.error = "sent", PAPER, ""
    message.sent_at = message.settled_at = at
    message.settled_by_id, message.settled_why = actor.account_id, how.strip()
    fields = ["state", "channel", "error", "sent_at", "settled_at", "settled_by", "settled_why"]
    message.save(update_fields=fields)
