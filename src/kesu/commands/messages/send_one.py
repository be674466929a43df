"""Takes messages from the outbox one at a time, hands each to a sender, and notes what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import transaction

from kesu.access.actor import actor_of
from kesu.access.cases import cards_of
from kesu.casefile.books import calendar_of
from kesu.store.models import Obligation, OutboxMessage

MAX_ATTEMPTS: Final = 8
_FIRST_WAIT: Final = timedelta(seconds=30)


class MessageState(StrEnum):
    DUE = "due"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain data of one message: codes and typed values, no sentence yet. `key` is the same at every attempt, so
    that a receiving system can drop a second copy."""

    key: str
    template: str
    to_name: str
    to_address: str
    language: str
    case_id: str
    number: str
    title: str
    subject: str
    due_at: datetime | None
    clauses: tuple[str, ...]
    policy_hash: str
    kind: str
    data: dict[str, Any]


class NotDelivered(Exception):
    """The sender could not hand the message over. `is_final`: trying again is useless."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


Sender = Callable[[Letter], None]


@transaction.atomic
def send_one(*, at: datetime, sender: Sender | None) -> bool:
    """Sends the next message that is due, urgent ones first; False when none is. The row stays locked while the
    sender works: another worker passes it over, and a worker that is killed leaves it due. Without a `sender` (no
    mail server set) messages are held, and said to be."""
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("account", "case__card")
        .filter(state=MessageState.DUE, try_at__lte=at)
        .order_by("-lane", "try_at", "id")
        .first()
    )
    if message is None:
        return False
    if sender is None or not message.account.email:
        message.state = MessageState.HELD
        message.error = "no_server" if sender is None else "no_address"
        message.save(update_fields=["state", "error"])
        return True
    if not message.account.is_active:
        message.state, message.error = MessageState.FAILED, "account_closed"
        message.save(update_fields=["state", "error"])
        return True
    if not _may_know(message, at):
        message.state, message.error = MessageState.FAILED, "not_let_in"
        message.save(update_fields=["state", "error"])
        return True
    try:
        sender(_letter(message))
    except NotDelivered as failure:
        _try_again(message, failure, at)
    else:
        message.state, message.sent_at, message.error = MessageState.SENT, at, ""
        message.attempts += 1
        message.save(update_fields=["state", "sent_at", "error", "attempts"])
    return True


def _may_know(message: OutboxMessage, at: datetime) -> bool:
    """Whether its case is still there for whom it is meant, in the posts that he has today: it may have become
    confidential since."""
    case = message.case
    if case is None or not case.card.confidential:
        return True
    on = calendar_of(case.calendar_version_id).local(at).date()
    return cards_of(actor_of(message.account, on)).filter(pk=case.pk).exists()


def _try_again(message: OutboxMessage, failure: NotDelivered, at: datetime) -> None:
    message.attempts += 1
    message.error = failure.reason[:200]
    if failure.is_final or message.attempts >= MAX_ATTEMPTS:
        message.state = MessageState.FAILED
    else:
        message.try_at = at + _FIRST_WAIT * 2 ** (message.attempts - 1)
    message.save(update_fields=["attempts", "error", "state", "try_at"])


_NAMING: Final = ("unit", "post", "coded", "until", "copies")
"""Of the values of a message that is about no case: those that its heading names."""


def _letter(message: OutboxMessage) -> Letter:
    case = message.case
    due = None
    subject = " ".join(str(message.payload[part]) for part in _NAMING if part in message.payload)
    if message.payload.get("due"):
        due = datetime.fromisoformat(message.payload["due"])
    if case is not None and message.payload.get("obligation"):
        owed = Obligation.objects.filter(case=case, key=message.payload["obligation"]).first()
        due, subject = (owed.due_at, owed.name) if owed else (None, "")
    return Letter(
        key=message.key,
        template=message.template,
        to_name=message.account.name,
        to_address=message.account.email,
        language=message.account.language,
        case_id=str(case.pk) if case else "",
        number=case.number if case else "",
        title=case.card.title if case else str(message.payload.get("title", "")),
        subject=subject,
        due_at=due,
        clauses=tuple(message.payload.get("clauses", ())),
        policy_hash=case.policy_version_id if case else "",
        kind=case.kind if case else "",
        data=dict(message.payload),
    )


def next_try_at() -> datetime | None:
    return (
        OutboxMessage.objects.filter(state=MessageState.DUE).order_by("try_at").values_list("try_at", flat=True).first()
    )


@transaction.atomic
def release_held(*, at: datetime) -> int:
    """A mail server was set: what waited for one is due again."""
    return OutboxMessage.objects.filter(state=MessageState.HELD, error="no_server").update(
        state=MessageState.DUE, try_at=at
    )
