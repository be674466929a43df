"""Two cases are alike and not about the same thing: they are not put forward for each other again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.casefile.matters import setting_aside
from kesu.core.errors import NotFound


@transaction.atomic
def set_aside(*, actor: Actor, at: datetime, case_id: UUID, other_id: UUID) -> None:
    """By whoever could have joined them. They can still be joined by number. Raises `NotFound` (also for a case and
    itself), `Forbidden`."""
    if case_id == other_id:
        raise NotFound
    for one in (case_id, other_id):
        case_for(actor, one, Permission.MATTER_JOIN)
    setting_aside.set_aside(case_id, other_id, by=actor.account_id, now=at)
