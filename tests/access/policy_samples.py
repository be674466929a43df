"""Policies that are not in force yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tests.proposing import propose

if TYPE_CHECKING:
    from tests.world import World


def what_is_to_come(world: World, now: datetime) -> UUID:
    """A leave and a policy of next year: both may still be taken back. And a proposed policy that waits for its first
    signer: its identifier."""
    from kesu.commands.people.begin_absence import begin_absence
    from kesu.commands.policies.adopt_pack import Offer, adopt_pack
    from kesu.policy.calendar.official import WorkingHours

    far = now.date() + timedelta(days=400)
    of_whom = {"account_id": world.people["zhouyining"], "deputy_id": world.people["xumingche"]}
    begin_absence(actor=world.actor("admin", now.date()), at=now, on=now.date(), **of_whom, first=far, last=far)
    adopt_pack(
        actor=None,
        at=now,
        unit_id=world.units["group"],
        pack=Offer("suggestion", {}),
        calendar=WorkingHours(),
        signatures={"compiled_by": "何青", "reviewed_by": "林声", "approved_by": "顾岚"},
        effective_from=now + timedelta(days=300),
    )
    adopt_pack(
        actor=None,
        at=now,
        unit_id=world.units["group"],
        pack=Offer("s14", {}),
        calendar=WorkingHours(),
        signatures={"compiled_by": "何青", "reviewed_by": "林声", "approved_by": "顾岚"},
        effective_from=now + timedelta(days=300),
    )
    return propose(world, now, subject="工程质量")
