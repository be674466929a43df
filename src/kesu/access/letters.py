"""Messages of the outbox as a reader sees them: to whom, by what, with what content, as far as he may read that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.addresses import MAIL
from kesu.casefile.outgoing import Kept, kept_shown, letters_shown
from kesu.core.letter import Letter
from kesu.core.masking import masked_name, masked_numbers
from kesu.store.models import OutboxMessage, Recipient

_SHOWN_OF_NAME: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """`to`: the name of whom it is for, of a customer as the reader may see it; `masked`: the address, never in clear;
    `subject` and `text`: what it said when it left, empty while it has not (then `letter` is what it would say).
    `arrived_at`: since when the other side says that the device has it. `settled_by`, `settled_why`: who
    sent it on or gave it up."""

    id: int
    recipient: str
    to: str
    channel: str
    masked: str
    state: str
    created_at: datetime
    try_at: datetime
    sent_at: datetime | None
    arrived_at: datetime | None
    called: str
    error: str
    attempts: int
    subject: str
    text: str
    settled_by: str
    settled_at: datetime | None
    settled_why: str
    letter: Letter


def lines_of(actor: Actor, rows: Sequence[OutboxMessage], language: str) -> list[Line]:
    """`rows` with their case, its card and unit, account, guest, place and note."""
    letters = letters_shown(rows, language=language)
    return [_line(actor, row, letter) for row, letter in zip(rows, letters, strict=True)]


def _line(actor: Actor, row: OutboxMessage, letter: Letter) -> Line:
    is_clear = row.case is None or actor.may_at(Permission.PERSONAL_READ, row.case.unit.path)
    kept = kept_shown(row)
    if row.note_id is not None and row.sent_at is not None and not kept.text:
        kept = Kept(kept.to, kept.subject, letter.own_words)
    return Line(
        id=row.pk,
        recipient=row.recipient,
        to=_name(row, is_clear=is_clear),
        channel=row.channel,
        masked=row.masked,
        state=row.state,
        created_at=row.created_at,
        try_at=row.try_at,
        sent_at=row.sent_at,
        arrived_at=row.arrived_at,
        called=_called(row),
        error=row.error,
        attempts=row.attempts,
        subject=kept.subject if is_clear else masked_numbers(kept.subject),
        text=kept.text if is_clear else masked_numbers(kept.text),
        settled_by=row.settled_by.name if row.settled_by_id and row.settled_by else "",
        settled_at=row.settled_at,
        settled_why=row.settled_why,
        letter=letter,
    )


def _called(row: OutboxMessage) -> str:
    """Of a mail as much as finds it in the log of the mail server: by the whole name anybody could report from outside
    that it did not arrive."""
    return f"{row.called[:_SHOWN_OF_NAME]}…" if row.channel == MAIL and row.called else row.called


def _name(row: OutboxMessage, *, is_clear: bool) -> str:
    if row.recipient == Recipient.CUSTOMER and row.case is not None:
        name = row.case.card.person_name
        return name if is_clear else masked_name(name)
    known = row.account or row.guest or row.place
    return known.name if known is not None else ""
