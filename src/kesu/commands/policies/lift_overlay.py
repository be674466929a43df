"""Rules that serve beside other policies of a unit serve there no more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import adoption, house
from kesu.core.errors import Forbidden, NotFound
from kesu.store.models import OverlayAdoption


@transaction.atomic
def lift_overlay(*, actor: Actor, at: datetime, overlay_id: UUID) -> None:
    """From `at` on; where it has not begun yet, from its first day. Open cases keep the text they were opened under.
    Raises `NotFound`, also for one that was lifted already, and `Forbidden`."""
    house.wait_turn()
    row = OverlayAdoption.objects.select_related("unit", "policy_version").filter(pk=overlay_id, is_end=False).first()
    if row is None or adoption.is_lifted(row):
        raise NotFound
    if not actor.may_at(Permission.POLICY_ADOPT, row.unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    since = max(at, row.effective_from)
    adoption.lift(row, since)
    policy = row.policy_version
    house.record(
        "policy.lifted",
        at=at,
        by=actor.account_id,
        subject=policy.hash,
        name=f"{policy.title} {policy.version}",
        before={"unit": row.unit.name, "from": row.effective_from.isoformat()},
        after={"until": since.isoformat()},
    )
