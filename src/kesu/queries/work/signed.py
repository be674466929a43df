"""我签过的: the signatures that the reader gave, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kesu.access.actor import Actor
from kesu.access.cases import cards_for, signatures_of
from kesu.access.listed import ListedCase, listed
from kesu.casefile.books import kind_of

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class SignedLine:
    """`verdict`: granted or refused; `name`: what was signed."""

    at: datetime
    name: str
    verdict: str
    case: ListedCase


@dataclass(frozen=True, slots=True)
class SignedPage:
    """`before`: where the next page begins; None where there is no more."""

    lines: tuple[SignedLine, ...]
    before: int | None


def signed(*, actor: Actor, older_than: int | None = None) -> SignedPage:
    """Two queries, however much he has signed. Cases that have left his sight since are not told of."""
    events = signatures_of(actor).order_by("-pk")
    if older_than is not None:
        events = events.filter(pk__lt=older_than)
    rows = list(events.values_list("pk", "case_id", "at", "facts")[: _SHOWN + 1])
    cards = cards_for(actor).filter(pk__in={case for _, case, _, _ in rows}).select_related("case", "unit")
    by_case = {card.pk: card for card in cards}
    lines = []
    for _pk, case_id, at, facts in rows[:_SHOWN]:
        card = by_case.get(case_id)
        if card is None:
            continue
        approval = kind_of(card.case.policy_version_id, card.kind).approvals.get(str(facts.get("approval", "")))
        lines.append(
            SignedLine(
                at=at,
                name=approval.name if approval else "",
                verdict=str(facts.get("verdict", "")),
                case=listed(card),
            )
        )
    return SignedPage(tuple(lines), rows[_SHOWN - 1][0] if len(rows) > _SHOWN else None)
