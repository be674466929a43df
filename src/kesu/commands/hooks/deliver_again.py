"""Something is sent to a program outside once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.hooks import hook_for, shown
from kesu.casefile import house
from kesu.core.errors import NotFound
from kesu.store.models import HookDelivery


@transaction.atomic
def deliver_again(*, actor: Actor, at: datetime, hook_id: UUID, delivery_id: int) -> None:
    """Under the key that it had, so that the other side knows it again; what it says is put together anew. Nothing
    happens to one that is on its way. Raises `Forbidden`, `NotFound`."""
    house.wait_turn()
    hook = hook_for(actor, hook_id, lock=True)
    rows = HookDelivery.objects.filter(shown(), pk=delivery_id, hook=hook)
    if not rows.exists():
        raise NotFound
    row = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:  # it is on its way this very moment
        return
    hook.rests_until = None
    hook.save(update_fields=["rests_until"])
    row.state, row.attempts, row.try_at = "due", 0, at
    row.save(update_fields=["state", "attempts", "try_at"])
    told = {"delivery": row.pk}
    house.record("hook.sent_again", at=at, by=actor.account_id, subject=hook.pk, name=hook.name, after=told)
