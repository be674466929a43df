"""Of what a program outside is told, and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.hooks import EVENTS, hook_for
from kesu.casefile import house
from kesu.core.hook_addresses import host_of, is_hook_address
from kesu.store.models import Hook


@transaction.atomic
def change_hook(
    *,
    actor: Actor,
    at: datetime,
    hook_id: UUID,
    name: str,
    address: str,
    kinds: Sequence[str],
    events: Sequence[str],
) -> None:
    """Raises `Forbidden`, `NotFound`, or `Unacceptable` as `make_hook` does. What is due goes to the new address."""
    house.wait_turn()
    hook = hook_for(actor, hook_id, lock=True)
    house.check_texts(Hook, name=name, address=address)
    wrong: dict[str, str] = {}
    if Hook.objects.filter(name=name.strip()).exclude(pk=hook.pk).exists():
        wrong["name"] = "name_taken"
    if not is_hook_address(address.strip()):
        wrong["address"] = "no_address"
    chosen = [one for one in EVENTS if one in events]
    if not chosen:
        wrong["events"] = "not_chosen"
    if wrong:
        raise house.unreadable(wrong)
    before = _told(hook)
    hook.name, hook.address, hook.events = name.strip(), address.strip(), chosen
    hook.kinds, hook.rests_until = sorted({one[:32] for one in kinds}), None
    hook.save(update_fields=["name", "address", "kinds", "events", "rests_until"])
    after = _told(hook)
    changed = {key for key in after if before[key] != after[key]}
    house.record(
        "hook.changed",
        at=at,
        by=actor.account_id,
        subject=hook.pk,
        name=hook.name,
        before={key: before[key] for key in before if key in changed},
        after={key: after[key] for key in after if key in changed},
    )


def _told(hook: Hook) -> dict[str, object]:
    return {"name": hook.name, "host": host_of(hook.address), "kinds": hook.kinds, "events": hook.events}
