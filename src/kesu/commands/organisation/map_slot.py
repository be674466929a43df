"""The house says which of its roles fill a slot that policies name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.rights import rights_of
from kesu.casefile import adoption, house
from kesu.casefile.books import pack_of
from kesu.casefile.rest import wake_under
from kesu.core.errors import NotFound
from kesu.store.models import Post, Role


@transaction.atomic
def map_slot(*, actor: Actor, at: datetime, slot: str, roles: Sequence[str]) -> None:
    """`roles`: codes; none: the slot goes back to the role of its own code. Their holders get what adopted policies let
    the slot see and do; open cases follow at once. Raises `Forbidden`, `NotFound` for a slot that no policy names,
    `Unacceptable` for a role that nobody knows."""
    actor.require(Permission.RIGHTS_EDIT)
    house.wait_turn()
    adopted = [pack_of(row.policy_version_id) for row in adoption.standing_adoptions(at)]
    names = {role.code: role.name for pack in adopted for kind in pack.kinds.values() for role in kind.roles.values()}
    name = adoption.slots_offered().get(slot) or names.get(slot)
    if name is None:
        raise NotFound
    wanted = list(dict.fromkeys(roles)) or [slot]
    if _unknown(wanted):
        raise house.unreadable({"roles": "not_offered"})
    before = adoption.roles_of([slot])[slot]
    if sorted(before) == sorted(wanted):
        return
    changed = adoption.fill_slot(slot, wanted)
    for pack in adopted:
        adoption.grant_slots({code: rights for code, rights in rights_of(pack).items() if code == slot})
    wake_under(changed, at)
    stated = {"before": {"roles": before}, "after": {"roles": wanted}}
    house.record("slot.mapped", at=at, by=actor.account_id, subject=slot, name=name, **stated)


def _unknown(roles: Collection[str]) -> set[str]:
    known = {
        *adoption.slots_offered(),
        *Role.objects.values_list("code", flat=True),
        *Post.objects.values_list("role", flat=True),
    }
    return set(roles) - known
