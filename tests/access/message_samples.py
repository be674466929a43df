"""Messages that somebody has to look after: one for each thing that can be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tests.world import World

NAMES = ("message-again", "message-give-up", "message-handed")


def undelivered(world: World, case_id: UUID, now: datetime) -> None:
    """Reminders that no server took, and one to be handed over on paper."""
    from kesu.store.models import OutboxMessage

    for name in NAMES:
        OutboxMessage.objects.create(
            key=f"{case_id}/{name}",
            account_id=world.people["zhouyining"],
            case_id=case_id,
            template="reminder",
            channel="paper" if name == NAMES[-1] else "mail",
            state="held" if name == NAMES[-1] else "failed",
            error="by_hand" if name == NAMES[-1] else "server said 550",
            created_at=now,
            try_at=now,
            attempts=8,
        )


def told_before(now: datetime) -> None:
    """Nothing has come just now: what has is told on every page for some seconds, and pages are walked for minutes."""
    from kesu.store.models import OutboxMessage

    OutboxMessage.objects.update(created_at=now - timedelta(minutes=1))


def arguments(case_id: UUID) -> dict[str, dict[str, int]]:
    """By address."""
    from kesu.store.models import OutboxMessage

    numbers = dict(OutboxMessage.objects.filter(case_id=case_id, key__contains="/message-").values_list("key", "pk"))
    return {name: {"message": numbers.get(f"{case_id}/{name}", 0)} for name in NAMES}
