"""A unit is added to the organisation tree."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import KINDS_INSIDE, unit_for
from kesu.access.permissions import Permission
from kesu.casefile import house
from kesu.store.models import Unit


@transaction.atomic
def add_unit(*, actor: Actor, at: datetime, inside: UUID, kind: str, name: str, is_public: bool = False) -> UUID:
    """`inside`: the unit that it belongs to; `is_public`: customers may choose it. Raises `NotFound`, `Forbidden`, or
    `Unacceptable` for a kind that may not stand there, a name that is missing, too long or taken beside it."""
    parent = unit_for(actor, inside, Permission.HOUSE_EDIT)
    house.wait_turn()
    house.check_texts(Unit, name=name)
    wrong: dict[str, str] = {}
    if kind not in KINDS_INSIDE.get(parent.kind, ()):
        wrong["kind"] = "kind_not_there"
    if Unit.objects.filter(parent=parent, name=name.strip()).exists():
        wrong["name"] = "name_taken"
    if wrong:
        raise house.unreadable(wrong)
    unit = Unit.objects.create(parent=parent, kind=kind, name=name.strip(), is_public=is_public)
    after = {"kind": kind, "inside": parent.name, "is_public": is_public}
    house.record("unit.created", at=at, by=actor.account_id, subject=unit.pk, name=unit.name, after=after)
    return unit.pk
