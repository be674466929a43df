"""Deadlines that moved because something else counts now, as far as the reader may see their cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.casefile.citing import Citation, cite
from kesu.core.pages import leaf
from kesu.store.models import DeadlineMove


@dataclass(frozen=True, slots=True)
class MoveLine:
    """`policy_hash`: the version in whose words the duty is named."""

    policy_hash: str
    case_id: UUID
    number: str
    title: str
    unit: str
    duty: str
    citations: tuple[Citation, ...]
    due_before: datetime
    due_after: datetime
    was_provisional: bool
    is_provisional: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MoveLeaf:
    """`total`: of the moves in sight."""

    lines: tuple[MoveLine, ...]
    total: int
    page: int
    pages: int


def moves_in_sight(actor: Actor, moves: QuerySet[DeadlineMove], size: int, page: int) -> MoveLeaf:
    """What falls due first comes first. Two queries, and those of the scope."""
    found = moves.filter(case_id__in=cards_for(actor).values("pk"))
    total = found.count()
    shown = leaf(total, size, page)
    rows = found.select_related("case__card__unit").order_by("due_after", "pk")[shown.rows]
    return MoveLeaf(tuple(_line(one) for one in rows), total, shown.number, shown.pages)


def _line(one: DeadlineMove) -> MoveLine:
    card = one.case.card
    return MoveLine(
        policy_hash=one.case.policy_version_id,
        case_id=one.case_id,
        number=card.number,
        title=card.title,
        unit=card.unit.name,
        duty=one.name,
        citations=cite(one.case.policy_version_id, one.clauses),
        due_before=one.due_before,
        due_after=one.due_after,
        was_provisional=one.was_provisional,
        is_provisional=one.is_provisional,
        at=one.at,
    )
