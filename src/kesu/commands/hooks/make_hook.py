"""The house tells a program outside what happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.hooks import EVENTS, seal_secret
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.core.hook_addresses import host_of, is_hook_address
from kesu.core.signed_post import new_secret, written
from kesu.store.models import Hook, Unit


@dataclass(frozen=True, slots=True)
class MadeHook:
    """`secret`: as it is handed over; it is shown this once and stands nowhere in clear."""

    hook_id: UUID
    secret: str


@transaction.atomic
def make_hook(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    address: str,
    unit_id: UUID | None,
    kinds: Sequence[str],
    events: Sequence[str],
) -> MadeHook:
    """`kinds`: none for all. From this moment on it is told. Raises `Forbidden`, or `Unacceptable` for a name that is
    missing or taken, an address that is none, a unit out of reach, and where no event is chosen."""
    actor.require(Permission.SOURCES_EDIT)
    house.wait_turn()
    house.check_texts(Hook, name=name, address=address)
    unit = Unit.objects.filter(pk=unit_id, closed_on=None).first() if unit_id else None
    wrong: dict[str, str] = {}
    if Hook.objects.filter(name=name.strip()).exists():
        wrong["name"] = "name_taken"
    if not is_hook_address(address.strip()):
        wrong["address"] = "no_address"
    if unit is None or not actor.may_at(Permission.SOURCES_EDIT, unit.path):
        wrong["unit"] = "not_chosen"
    chosen = [one for one in EVENTS if one in events]
    if not chosen:
        wrong["events"] = "not_chosen"
    if wrong or unit is None:
        raise house.unreadable(wrong)
    hook = Hook(name=name.strip(), address=address.strip(), unit=unit, events=chosen)
    hook.kinds = sorted({one[:32] for one in kinds})
    secret = new_secret()
    seal_secret(hook, secret, at)
    hook.save(force_insert=True)
    told = {"host": host_of(hook.address), "unit": unit.name, "kinds": hook.kinds, "events": chosen}
    house.record("hook.created", at=at, by=actor.account_id, subject=hook.pk, name=hook.name, after=told)
    return MadeHook(hook.pk, written(secret))
