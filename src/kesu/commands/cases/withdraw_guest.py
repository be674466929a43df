"""The link of an outside party is taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.guests import guest_for


@transaction.atomic
def withdraw_guest(*, actor: Actor, at: datetime, case_id: UUID, guest_id: UUID) -> None:
    """What he wrote stays. Without effect on one that is over. Raises `NotFound` and `Forbidden`."""
    guest = guest_for(actor, case_id, guest_id)
    if guest.withdrawn_at is None:
        guest.withdrawn_at = at
        guest.save(update_fields=["withdrawn_at"])
