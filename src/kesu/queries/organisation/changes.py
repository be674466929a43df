"""Who changed what in the house, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.core.pages import leaf
from kesu.store.models import HouseChange

_PAGE: Final = 50
MOST: Final = 10_000
"""No further is counted or turned: whoever looks for something older says what."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """`who` is empty where the installation itself did it; `before` and `after` hold what the act names."""

    seq: int
    at: datetime
    who: str
    act: str
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeList:
    """`total` is at most `MOST`."""

    rows: tuple[ChangeLine, ...]
    total: int
    page: int
    pages: int


def change_list(*, actor: Actor, text: str = "", page: int = 1, size: int = _PAGE) -> ChangeList:
    """`text`: part of the name of what was changed or of who changed it. Two queries. Raises `Forbidden`."""
    actor.require(Permission.CHANGES_READ)
    found = HouseChange.objects.all()
    if text:
        found = found.filter(Q(name__icontains=text) | Q(account__name__icontains=text))
    total = found.order_by()[:MOST].count()
    shown = leaf(total, size, page)
    rows = found.select_related("account").order_by("-seq")[shown.rows]
    lines = (
        ChangeLine(row.seq, row.at, row.account.name if row.account else "", row.act, row.name, row.before, row.after)
        for row in rows
    )
    return ChangeList(tuple(lines), total, shown.number, shown.pages)
