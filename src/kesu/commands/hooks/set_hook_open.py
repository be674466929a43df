"""A program outside is told nothing more, or is told again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.hooks import hook_for
from kesu.casefile import house


@transaction.atomic
def set_hook_open(*, actor: Actor, at: datetime, hook_id: UUID, is_open: bool) -> None:
    """What is due waits while it is shut; what happens meanwhile is not kept for it. Raises `Forbidden`, `NotFound`."""
    house.wait_turn()
    hook = hook_for(actor, hook_id, lock=True)
    if hook.is_open == is_open:
        return
    hook.is_open, hook.shut_for, hook.rests_until = is_open, "", None
    hook.save(update_fields=["is_open", "shut_for", "rests_until"])
    act = "hook.opened" if is_open else "hook.shut"
    house.record(act, at=at, by=actor.account_id, subject=hook.pk, name=hook.name)
