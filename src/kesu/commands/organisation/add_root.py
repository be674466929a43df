"""A company that stands beside the group: a property company, a contractor, a laboratory, an authority."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import ROOTS
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.core.errors import Forbidden
from kesu.store.models import Post, PostHolding, Unit


@transaction.atomic
def add_root(*, actor: Actor, at: datetime, on: date, kind: str, name: str) -> UUID:
    """Nothing of it is seen from other roots; whoever founds it administers it with the post through which he may found
    it, from `on`, until he gives it to others. Raises `Forbidden` and `Unacceptable`."""
    actor.require(Permission.HOUSE_EDIT)
    house.wait_turn()
    house.check_texts(Unit, name=name)
    wrong: dict[str, str] = {}
    if kind not in ROOTS:
        wrong["kind"] = "kind_not_there"
    if Unit.objects.filter(parent=None, name=name.strip()).exists():
        wrong["name"] = "name_taken"
    if wrong:
        raise house.unreadable(wrong)
    through = next((one for one in actor.posts if Permission.HOUSE_EDIT in one.permissions), None)
    if through is None:
        raise Forbidden("permission_missing", data={"permission": Permission.HOUSE_EDIT.value})
    unit = Unit.objects.create(parent=None, kind=kind, name=name.strip())
    post = Post.objects.create(unit=unit, role=through.role, name=through.name)
    PostHolding.objects.create(post=post, account_id=actor.account_id, from_on=on)
    after = {"kind": kind}
    house.record("unit.created", at=at, by=actor.account_id, subject=unit.pk, name=unit.name, after=after)
    return unit.pk
