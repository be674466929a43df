"""A policy that was put in force for a later day is taken back before that day comes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.core.errors import Forbidden, NotFound
from kesu.store.models import Adoption


@transaction.atomic
def withdraw_adoption(*, actor: Actor, at: datetime, adoption_id: UUID) -> None:
    """What has begun cannot be taken back, only followed by another. Raises `NotFound` (also for one that has begun)
    and `Forbidden`."""
    house.wait_turn()
    row = (
        Adoption.objects.select_related("unit", "policy_version").filter(pk=adoption_id, effective_from__gt=at).first()
    )
    if row is None:
        raise NotFound
    if not actor.may_at(Permission.POLICY_ADOPT, row.unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    policy = row.policy_version
    before = {
        "unit": row.unit.name,
        **({"limited_to": row.subject} if row.subject else {}),
        "from": row.effective_from.isoformat(),
        "calendar": row.calendar_version_id,
    }
    row.delete()
    house.record(
        "policy.withdrawn",
        at=at,
        by=actor.account_id,
        subject=policy.hash,
        name=f"{policy.title} {policy.version}",
        before=before,
    )
