"""我发起的: what the reader laid before signers, newest first, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.listed import ListedCase, listed
from kesu.store.models import Obligation, SubmittedApproval

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class OwnLine:
    """`status`: of the version that he laid before them; `waits_for`: those who have still to sign; `due_at`: by when
    the first of them."""

    at: datetime
    name: str
    status: str
    closed_at: datetime | None
    waits_for: str
    due_at: datetime | None
    case: ListedCase


@dataclass(frozen=True, slots=True)
class OwnPage:
    """`before`: where the next page begins; None where there is no more."""

    lines: tuple[OwnLine, ...]
    before: int | None


def own_approvals(*, actor: Actor, older_than: int | None = None) -> OwnPage:
    """Three queries, however much he has laid before signers. Cases that have left his sight are not told of."""
    found = SubmittedApproval.objects.filter(author_id=actor.account_id).order_by("-pk")
    if older_than is not None:
        found = found.filter(pk__lt=older_than)
    rows = list(found[: _SHOWN + 1])
    cases = {row.case_id for row in rows[:_SHOWN]}
    cards = {card.pk: card for card in cards_for(actor).filter(pk__in=cases).select_related("unit")}
    waiting = _waiting(set(cards))
    lines = []
    for row in rows[:_SHOWN]:
        card = cards.get(row.case_id)
        if card is None:
            continue
        owed = waiting.get((row.case_id, row.approval), []) if row.closed_at is None else []
        lines.append(
            OwnLine(
                at=row.opened_at,
                name=row.name,
                status=row.status,
                closed_at=row.closed_at,
                waits_for="、".join(dict.fromkeys(name for name, _due in owed if name)),
                due_at=min((due for _name, due in owed if due is not None), default=None),
                case=listed(card),
            )
        )
    return OwnPage(tuple(lines), rows[_SHOWN - 1].pk if len(rows) > _SHOWN else None)


def _waiting(cases: set[UUID]) -> dict[tuple[UUID, str], list[tuple[str, datetime | None]]]:
    """Who has still to sign, by case and approval."""
    found: dict[tuple[UUID, str], list[tuple[str, datetime | None]]] = {}
    owed = Obligation.objects.filter(case__in=cases, is_open=True).exclude(approval="").order_by("pk")
    for case, approval, name, due in owed.values_list("case_id", "approval", "owner_name", "due_at"):
        found.setdefault((case, approval), []).append((name, due))
    return found
