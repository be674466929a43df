"""What is still owed on the cases of a list, and which clocks a row shows of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F

from kesu.casefile.books import kind_of
from kesu.store.fixed import Fixed
from kesu.store.models import CaseCard, Obligation

_OWED: Final = ("case_id", "duty", "name", "starts_at", "due_at", "paused_since", "is_provisional")
"""What a row shows of an obligation: nothing else of it is read."""
_STILL_OWED: Final = Fixed(
    lambda cases: (
        Obligation.objects.filter(case__pk__any=cases, is_open=True)
        .order_by(F("due_at").asc(nulls_last=True), "key")
        .values_list(*_OWED)
    )
)


def still_owed(cases: Collection[UUID]) -> dict[UUID, list[Obligation]]:
    """The open obligations by case, the earliest first. One query."""
    found: dict[UUID, list[Obligation]] = {}
    for owed in _STILL_OWED(cases):
        found.setdefault(owed[0], []).append(Obligation(**dict(zip(_OWED, owed, strict=True))))
    return found


def clocks(card: CaseCard, owed: Sequence[Obligation]) -> tuple[Obligation | None, bool, datetime | None]:
    """What is due next, whether somebody outside set that limit, and when the next one is due of those that the other
    side set: of no other cases than such that have a limit from outside."""
    if not owed:
        return None, False, None
    rules = kind_of(card.case.policy_version_id, card.kind)
    outer = [rules.is_outer(one.duty) for one in owed]
    others = (one.due_at for one, is_outer in zip(owed, outer, strict=True) if is_outer is not outer[0])
    return owed[0], outer[0], next(others, None) if any(outer) else None
