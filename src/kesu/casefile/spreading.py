"""Messages that follow from another one when its turn comes: to those who hear what the customer is told, and to the
work chats of the units above. Their keys are stable: whoever makes them how often, there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from kesu.casefile.books import above
from kesu.casefile.outgoing import UNTOLD, URGENT
from kesu.store.fixed import FixedRows
from kesu.store.inserting import insert
from kesu.store.models import CaseGuest, ChatPlace, OutboxMessage, Recipient

_COPIED: Final = ("lane", "template", "payload")


def spread(message: OutboxMessage, at: datetime) -> None:
    """One query where a customer is told, or somebody of the house urgently; none for any other message."""
    case = message.case
    if case is None or message.instead_of_id is not None:
        return
    if message.recipient == Recipient.CUSTOMER:
        insert(list(_to_representatives(message, at)), or_keep=True)
    elif message.recipient == Recipient.ACCOUNT and message.lane == URGENT and not _is_kept_close(message):
        insert(list(_to_places(message, at)), or_keep=True)


def _is_kept_close(message: OutboxMessage) -> bool:
    return message.template in UNTOLD or (message.case is not None and message.case.card.confidential)


def _to_representatives(message: OutboxMessage, at: datetime) -> Iterator[OutboxMessage]:
    hear = CaseGuest.objects.filter(case=message.case, named_seq__isnull=False, withdrawn_at=None, ends_at__gt=at)
    for guest in hear.order_by("pk"):
        yield _beside(message, f"guest:{guest.pk.hex}", at, Recipient.REPRESENTATIVE, guest=guest, note=message.note)


def _to_places(message: OutboxMessage, at: datetime) -> Iterator[OutboxMessage]:
    """Once for a reason, however many people of the house it reaches."""
    assert message.case is not None
    paths = above(message.case.card.unit_path)
    for place in _PLACES(paths):
        yield _beside(message, f"place:{place.pk.hex}", at, Recipient.ROBOT, place=place, channel=place.channel)


_PLACES: Final = FixedRows(
    lambda paths: ChatPlace.objects.filter(unit__path__any=paths, removed_at=None).order_by("pk")
)


def _beside(message: OutboxMessage, who: str, at: datetime, recipient: str, **more: object) -> OutboxMessage:
    """`who` takes the place of the recipient at the end of the key."""
    reason = message.key.rpartition("/")[0]
    copied = {name: getattr(message, name) for name in _COPIED}
    return OutboxMessage(
        key=f"{reason}/{who}", case=message.case, recipient=recipient, created_at=at, try_at=at, **copied, **more
    )


def instead(message: OutboxMessage, *, channel: str, at: datetime) -> OutboxMessage:
    """A message that goes in the place of another one, by another way; not yet written."""
    copied: Iterable[str] = (*_COPIED, "recipient", "account_id", "guest_id", "place_id", "case", "note_id")
    return OutboxMessage(
        key=f"{message.key}>{channel}",
        channel=channel,
        instead_of=message,
        created_at=message.created_at,
        try_at=at,
        seen_at=message.seen_at,
        **{name: getattr(message, name) for name in copied},
    )
