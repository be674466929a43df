"""抄送我的: the approvals of which the reader was told how they ended, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.listed import ListedCase, listed
from kesu.casefile.effects import COPY
from kesu.store.models import OutboxMessage

_SHOWN: Final = 50
MOST_COUNTED: Final = 99


@dataclass(frozen=True, slots=True)
class CopiedLine:
    """`is_new`: he has not opened it from this list yet."""

    id: int
    at: datetime
    name: str
    is_new: bool
    case: ListedCase


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """`before`: where the next page begins; None where there is no more."""

    lines: tuple[CopiedLine, ...]
    before: int | None


def copied(*, actor: Actor, older_than: int | None = None) -> CopiedPage:
    """Two queries, however much he was copied on. Cases that have left his sight since are not told of."""
    found = OutboxMessage.objects.filter(account_id=actor.account_id, template=COPY).order_by("-pk")
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    rows = list(found[: _SHOWN + 1])
    cards = cards_for(actor).filter(pk__in={row.case_id for row in rows}).select_related("unit")
    by_case = {card.pk: card for card in cards}
    lines = tuple(
        CopiedLine(
            id=row.pk,
            at=row.created_at,
            name=str(row.payload.get("copies", "")),
            is_new=row.seen_at is None,
            case=listed(card),
        )
        for row in rows[:_SHOWN]
        if (card := by_case.get(row.case_id)) is not None
    )
    return CopiedPage(lines, rows[_SHOWN - 1].pk if len(rows) > _SHOWN else None)


def copies_unread(*, actor: Actor) -> int:
    """How many he has not opened, of the cases that he still sees; counted no further than a hundred."""
    new = OutboxMessage.objects.filter(account_id=actor.account_id, template=COPY, seen_at__isnull=True)
    return new.filter(case__in=cards_for(actor).values("pk"))[: MOST_COUNTED + 1].count()
