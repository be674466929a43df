"""Running cases that went over to another version of their policy: when, by whom, and which deadlines moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.moves import MoveLeaf, moves_in_sight
from kesu.access.permissions import Permission
from kesu.casefile.books import pack_of, told_apart
from kesu.core.errors import NotFound
from kesu.store.models import DeadlineMove, PolicyChange

_NEWEST: Final = 50


@dataclass(frozen=True, slots=True)
class RenewalLine:
    """`who`: empty where the installation made it; `unit`: empty where it counts everywhere. `before`, `after`:
    versions of the policy `title`, and `before_hash`, `after_hash` their texts."""

    id: UUID
    made_at: datetime
    who: str
    unit: str
    reason: str
    title: str
    before: str
    after: str
    before_hash: str
    after_hash: str


@dataclass(frozen=True, slots=True)
class RenewalPage:
    line: RenewalLine
    moves: MoveLeaf


def renewal_list(*, actor: Actor) -> tuple[RenewalLine, ...]:
    """Newest first. One query. Raises `Forbidden`."""
    actor.require(Permission.POLICY_READ)
    rows = PolicyChange.objects.select_related("unit", "made_by").order_by("-made_at", "-pk")
    return tuple(_line(row) for row in rows[:_NEWEST])


def renewal_page(*, actor: Actor, change_id: UUID, size: int = 50, page: int = 1) -> RenewalPage:
    """A fixed number of queries. Raises `Forbidden`, `NotFound`."""
    actor.require(Permission.POLICY_READ)
    row = PolicyChange.objects.select_related("unit", "made_by").filter(pk=change_id).first()
    if row is None:
        raise NotFound
    moves = DeadlineMove.objects.filter(policy_change=row)
    return RenewalPage(_line(row), moves_in_sight(actor, moves, size, page))


def _line(row: PolicyChange) -> RenewalLine:
    before, after = told_apart(row.before_id, row.after_id)
    return RenewalLine(
        id=row.pk,
        made_at=row.made_at,
        who=row.made_by.name if row.made_by else "",
        unit=row.unit.name if row.unit else "",
        reason=row.reason,
        title=pack_of(row.after_id).title,
        before=before,
        after=after,
        before_hash=row.before_id,
        after_hash=row.after_id,
    )
