"""What the holders of a role may see and do is changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import require_an_administrator
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.core.errors import NotFound, Overtaken
from kesu.store.models import Post, Role, RoleGrant, SlotRole


@transaction.atomic
def set_rights(
    *, actor: Actor, at: datetime, on: date, role: str, rights: Collection[str], seen: Collection[str]
) -> None:
    """`seen`: what the role was granted when the form was drawn. Raises `Forbidden`, `NotFound` for a role that nobody
    knows, `Overtaken` when somebody changed it meanwhile, and `Unacceptable` for a right that does not exist or when
    nobody would be left who may change rights."""
    actor.require(Permission.RIGHTS_EDIT)
    house.wait_turn()
    held = set(RoleGrant.objects.filter(role=role).values_list("permission", flat=True))
    if not held and not _is_known(role):
        raise NotFound
    if held != set(seen):
        raise Overtaken("rights_changed")
    wanted = set(rights)
    if wanted - set(Permission):
        raise house.unreadable({"rights": "not_offered"})
    if wanted == held:
        return
    RoleGrant.objects.filter(role=role, permission__in=held - wanted).delete()
    RoleGrant.objects.bulk_create([RoleGrant(role=role, permission=one) for one in sorted(wanted - held)])
    require_an_administrator(on)
    house.record(
        "role.rights",
        at=at,
        by=actor.account_id,
        subject=role,
        name=_name(role),
        before={"taken": sorted(held - wanted)},
        after={"granted": sorted(wanted - held)},
    )


def _is_known(role: str) -> bool:
    return (
        Role.objects.filter(code=role).exists()
        or Post.objects.filter(role=role).exists()
        or SlotRole.objects.filter(role=role).exists()
    )


def _name(role: str) -> str:
    named = Role.objects.filter(code=role).values_list("name", flat=True).first()
    return named or Post.objects.filter(role=role).order_by("pk").values_list("name", flat=True).first() or role
