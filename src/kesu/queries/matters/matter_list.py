"""The matters of somebody's cases: what several people complain about together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.core.pages import leaf

_SIZE: Final = 50
MOST: Final = 500
"""Nobody turns more pages: counted no further."""


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter, by what the reader may see of it: the first of its cases gives it its name. `cases` of it that he sees,
    `open` among them; the last of them was received at `last_at`."""

    id: UUID
    title: str
    unit: str
    cases: int
    open: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class MatterList:
    """`total` is at most `MOST` + 1."""

    rows: tuple[MatterRow, ...]
    total: int
    page: int
    pages: int


def matter_list(*, actor: Actor, page: int) -> MatterList:
    """Matters with a case in sight, the newest case on top. Three queries."""
    joined = cards_for(actor).filter(case__membership__isnull=False).order_by()
    matters = joined.values("case__membership__matter").annotate(
        cases=Count("pk"), open=Count("pk", filter=Q(is_final=False)), last_at=Max("received_at")
    )
    total = matters[: MOST + 1].count()
    shown = leaf(min(total, MOST), _SIZE, page)
    found = list(matters.order_by("-last_at", "case__membership__matter")[shown.rows])
    ids = [one["case__membership__matter"] for one in found]
    firsts = (
        joined.filter(case__membership__matter__in=ids)
        .order_by("case__membership__matter", "received_at", "pk")
        .distinct("case__membership__matter")
        .values_list("case__membership__matter", "title", "unit__name")
    )
    named = {pk: (title, unit) for pk, title, unit in firsts}
    return MatterList(
        rows=tuple(
            MatterRow(pk, *named[pk], one["cases"], one["open"], one["last_at"])
            for one in found
            if (pk := one["case__membership__matter"]) in named
        ),
        total=total,
        page=shown.number,
        pages=shown.pages,
    )
