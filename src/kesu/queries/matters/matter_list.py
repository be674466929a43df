"""The matters of somebody's cases: what several people complain about together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.store.models import MatterMember

_SIZE: Final = 50
_DEEPEST: Final = 10
"""Nobody turns more pages."""


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter, by what the reader may see of it: its own name, or else the first of its cases gives it one. `cases` of
    it that he sees, `open` among them; the last of them was received at `last_at`."""

    id: UUID
    title: str
    unit: str
    cases: int
    open: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class MatterList:
    """`shown`: so many there are up to and with this page; `more`: there is at least one behind it."""

    rows: tuple[MatterRow, ...]
    page: int
    shown: int
    more: bool


def matter_list(*, actor: Actor, page: int) -> MatterList:
    """Matters with a case in sight, the newest case on top. Three queries, which read what is shown and nothing of what
    stands behind it."""
    number = max(1, min(page, _DEEPEST))
    ids = _page(actor, number)
    if not ids and number > 1:  # somebody asks for a page that there is no more
        number, ids = 1, _page(actor, 1)
    start = (number - 1) * _SIZE
    rows = _rows(actor, ids[:_SIZE]) if ids else ()
    return MatterList(rows, number, start + len(rows), more=len(ids) > _SIZE and number < _DEEPEST)


def _page(actor: Actor, number: int) -> list[UUID]:
    """With the first of the next page."""
    start = (number - 1) * _SIZE
    return list(_newest(actor).values_list("matter_id", flat=True)[start : start + _SIZE + 1])


def _newest(actor: Actor) -> QuerySet[MatterMember]:
    """Of each matter the newest case in sight, the newest first: along an index, until a page is full."""
    seen = MatterMember.objects.filter(Exists(cards_for(actor).filter(pk=OuterRef("case_id"))))
    newer = Q(received_at__gt=OuterRef("received_at")) | Q(
        received_at=OuterRef("received_at"), case_id__gt=OuterRef("case_id")
    )
    later = seen.filter(newer, matter_id=OuterRef("matter_id"), received_at__gte=OuterRef("received_at"))
    return seen.filter(~Exists(later)).order_by("-received_at", "-case_id")


def _rows(actor: Actor, ids: Sequence[UUID]) -> tuple[MatterRow, ...]:
    joined = cards_for(actor).filter(case__membership__matter__in=ids).order_by()
    counted = joined.values("case__membership__matter").annotate(
        cases=Count("pk"), open=Count("pk", filter=Q(is_final=False)), last_at=Max("received_at")
    )
    firsts = (
        joined.order_by("case__membership__matter", "received_at", "pk")
        .distinct("case__membership__matter")
        .values_list("case__membership__matter", "case__membership__matter__title", "title", "unit__name")
    )
    named = {pk: (name or title, unit) for pk, name, title, unit in firsts}
    numbers = {one["case__membership__matter"]: one for one in counted}
    return tuple(
        MatterRow(pk, *named[pk], numbers[pk]["cases"], numbers[pk]["open"], numbers[pk]["last_at"])
        for pk in ids
        if pk in named and pk in numbers
    )
