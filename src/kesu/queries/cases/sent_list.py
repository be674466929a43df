"""Every message that a case has sent or will send, newest first, for whoever sees the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.letters import Line, lines_of
from kesu.store.models import OutboxMessage

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class SentList:
    """`before`: where the next page begins; None where there is no more."""

    case_id: UUID
    number: str
    title: str
    lines: tuple[Line, ...]
    before: int | None


def sent_list(*, actor: Actor, case_id: UUID, language: str, older_than: int | None = None) -> SentList:
    """Raises `NotFound` outside the scope."""
    case = case_for(actor, case_id)
    found = OutboxMessage.objects.filter(case=case).order_by("-pk")
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    related = ("case__card", "case__unit", "account", "guest", "place", "note", "settled_by")
    rows = list(found.select_related(*related)[: _SHOWN + 1])
    shown = rows[:_SHOWN]
    last = shown[-1].pk if len(rows) > _SHOWN else None
    return SentList(case.pk, case.number, case.card.title, tuple(lines_of(actor, shown, language)), last)
