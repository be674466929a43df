"""A message that did not arrive is sent once more: the same way, or another way, or to another address."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.undelivered import undelivered_for
from kesu.casefile.addresses import MAIL, SMS, is_mobile
from kesu.casefile.house import is_email, unreadable
from kesu.casefile.outgoing import put_address
from kesu.casefile.routing import PERSONAL
from kesu.casefile.spreading import instead
from kesu.casefile.statement import normal_phone
from kesu.store.bell import ring_bell
from kesu.store.inserting import insert
from kesu.store.models import OutboxMessage, Recipient

_OUTSIDE = (Recipient.CUSTOMER, Recipient.REPRESENTATIVE, Recipient.GUEST)


@transaction.atomic
def send_again(*, actor: Actor, at: datetime, message_id: int, channel: str = "", address: str = "") -> None:
    """Without `channel` by the way on which it went before. `address`: of somebody outside of the house; people of the
    house are written to where they said. Raises `NotFound` and `Unacceptable`, by field."""
    message = undelivered_for(actor, message_id)
    if not channel and not address.strip():
        _anew(message, actor, at)
    else:
        _otherwise(message, actor, at, channel or message.channel, address.strip())
    ring_bell()


def _anew(message: OutboxMessage, actor: Actor, at: datetime) -> None:
    """What never had a way is looked at anew: an address may be known by now."""
    message.state, message.error, message.attempts, message.try_at = "due", "", 0, at
    message.settled_by_id, message.settled_at = actor.account_id, at
    message.save(update_fields=["state", "error", "attempts", "try_at", "settled_by", "settled_at"])


def _otherwise(message: OutboxMessage, actor: Actor, at: datetime, channel: str, address: str) -> None:
    is_outside = message.recipient in _OUTSIDE
    allowed = (SMS, MAIL) if is_outside else PERSONAL if message.recipient == Recipient.ACCOUNT else ()
    if channel not in allowed:
        raise unreadable({"channel": "not_offered"})
    ways = message.payload.get("ways")
    if ways is not None and channel not in ways:
        raise unreadable({"channel": "way_not_written"})
    if address and not is_outside:
        raise unreadable({"address": "address_of_account"})
    new = instead(message, channel=channel, at=at)
    if address:
        put_address(new, _read(channel, address))
    insert([new])
    message.state = "replaced"
    message.settled_by_id, message.settled_at = actor.account_id, at
    message.save(update_fields=["state", "settled_by", "settled_at"])


def _read(channel: str, address: str) -> str:
    found = normal_phone(address) if channel == SMS else address
    if not (is_mobile(found) if channel == SMS else is_email(found)):
        raise unreadable({"address": "not_a_mobile" if channel == SMS else "email_unreadable"})
    return found
