"""What went to one group of a work chat, newest first, and what became of it; the words only of cases in his sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.house import chat_place_for
from kesu.access.letters import Line, lines_of
from kesu.store.models import OutboxMessage

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """`line`: None for a case that the reader does not see; its number stands here for whoever looks after the group,
    as it does beside what a hook was sent, unless the case is confidential. `case_id`: of one that he sees."""

    template: str
    state: str
    error: str
    attempts: int
    at: datetime
    try_at: datetime
    number: str
    case_id: UUID | None
    line: Line | None


@dataclass(frozen=True, slots=True)
class ChatLog:
    """`before`: where the next page begins; None where there is no more."""

    id: UUID
    name: str
    channel: str
    unit: str
    set_at: datetime
    set_by: str
    rows: tuple[ChatMessage, ...]
    before: int | None


def chat_log(*, actor: Actor, place_id: UUID, language: str, older_than: int | None = None) -> ChatLog:
    """As many queries for one message as for fifty. Raises `Forbidden`, `NotFound`."""
    place = chat_place_for(actor, place_id)
    found = OutboxMessage.objects.filter(place=place).order_by("-pk")
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    related = ("case__card", "case__unit", "account", "guest", "place", "note", "settled_by")
    rows = list(found.select_related(*related)[: _SHOWN + 1])
    shown = rows[:_SHOWN]
    seen = set(cards_for(actor).filter(pk__in={row.case_id for row in shown}).values_list("pk", flat=True))
    in_sight = [row for row in shown if row.case_id in seen]
    lines = dict(zip((row.pk for row in in_sight), lines_of(actor, in_sight, language), strict=True))
    return ChatLog(
        id=place.pk,
        name=place.name,
        channel=place.channel,
        unit=place.unit.name,
        set_at=place.set_at,
        set_by=place.set_by.name,
        rows=tuple(_row(row, lines.get(row.pk)) for row in shown),
        before=shown[-1].pk if len(rows) > _SHOWN else None,
    )


def _row(row: OutboxMessage, line: Line | None) -> ChatMessage:
    is_named = row.case is not None and (line is not None or not row.case.card.confidential)
    return ChatMessage(
        template=row.template,
        state=row.state,
        error=row.error,
        attempts=row.attempts,
        at=row.sent_at or row.created_at,
        try_at=row.try_at,
        number=row.case.number if is_named and row.case is not None else "",
        case_id=row.case_id if line is not None else None,
        line=line,
    )
