"""A message that somebody has to look after."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tests.world import World


def undelivered(world: World, case_id: UUID, now: datetime) -> None:
    """A reminder that no server took."""
    from kesu.store.models import OutboxMessage

    OutboxMessage.objects.create(
        key=f"{case_id}/sample",
        account_id=world.people["zhouyining"],
        case_id=case_id,
        template="reminder",
        channel="mail",
        state="failed",
        error="server said 550",
        created_at=now,
        try_at=now,
        attempts=8,
    )


def undelivered_of(case_id: UUID) -> int:
    """Its number."""
    from kesu.store.models import OutboxMessage

    return OutboxMessage.objects.get(key=f"{case_id}/sample").pk
