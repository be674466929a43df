"""没有送达: messages that wait for somebody to look after them, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.letters import Line, lines_of
from kesu.access.undelivered import undelivered_to
from kesu.casefile.addresses import MAIL, SMS
from kesu.casefile.routing import BY_HAND, PERSONAL
from kesu.store.models import OutboxMessage, Recipient

_SHOWN: Final = 50
MOST_COUNTED: Final = 99


@dataclass(frozen=True, slots=True)
class Undelivered:
    """`waits_for_hand`: it is to be printed and handed over; `ways`: the channels by which it could go instead;
    `takes_address`: whether another address can be said here."""

    line: Line
    case_id: UUID | None
    number: str
    title: str
    error: str
    attempts: int
    waits_for_hand: bool
    ways: tuple[str, ...]
    takes_address: bool


@dataclass(frozen=True, slots=True)
class UndeliveredPage:
    """`after`: where the next page begins; None where there is no more."""

    rows: tuple[Undelivered, ...]
    after: int | None


def undelivered(*, actor: Actor, language: str, newer_than: int = 0) -> UndeliveredPage:
    related = ("case__card", "case__unit", "account", "guest", "place", "note")
    found = undelivered_to(actor).filter(pk__gt=newer_than).select_related(*related).order_by("pk")[: _SHOWN + 1]
    rows = list(found)
    shown = rows[:_SHOWN]
    lines = lines_of(actor, shown, language)
    return UndeliveredPage(
        tuple(_row(row, line) for row, line in zip(shown, lines, strict=True)),
        shown[-1].pk if len(rows) > _SHOWN else None,
    )


def _row(row: OutboxMessage, line: Line) -> Undelivered:
    is_outside = row.recipient in {Recipient.CUSTOMER, Recipient.REPRESENTATIVE, Recipient.GUEST}
    offered = (SMS, MAIL) if is_outside else PERSONAL if row.recipient == Recipient.ACCOUNT else ()
    written = row.payload.get("ways")
    return Undelivered(
        line=line,
        case_id=row.case_id,
        number=row.case.number if row.case else "",
        title=row.case.card.title if row.case else "",
        error=row.error,
        attempts=row.attempts,
        waits_for_hand=row.error == BY_HAND,
        ways=tuple(way for way in offered if written is None or way in written),
        takes_address=is_outside,
    )


def undelivered_count(*, actor: Actor) -> int:
    """How many he answers for; counted no further than a hundred."""
    return undelivered_to(actor)[: MOST_COUNTED + 1].count()
