"""A unit is added to the organisation tree."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import KINDS_INSIDE, unit_for
from kesu.access.permissions import Permission
from kesu.casefile import house, units
from kesu.core.codes import half_width
from kesu.store.models import Unit


@transaction.atomic
def add_unit(
    *, actor: Actor, at: datetime, inside: UUID, kind: str, name: str, code: str = "", is_public: bool = False
) -> UUID:
    """`inside`: the unit that it belongs to; `code`: made of the name where it is empty; `is_public`: customers may
    choose it. Raises `NotFound`, `Forbidden`, or `Unacceptable` for a kind that is missing or may not stand there, a
    name that is missing, too long or taken beside it, a code that cannot be used or is taken."""
    parent = unit_for(actor, inside, Permission.HOUSE_EDIT)
    house.wait_turn()
    code = half_width(code)
    wrong = units.check(name, code, parent=parent) | units.kind_wrong(kind, KINDS_INSIDE.get(parent.kind, ()))
    if wrong:
        raise house.unreadable(wrong)
    unit = Unit.objects.create(parent=parent, kind=kind, name=name.strip(), code=code, is_public=is_public)
    after = {"kind": kind, "inside": parent.name, "is_public": is_public, "code": unit.code}
    house.record("unit.created", at=at, by=actor.account_id, subject=unit.pk, name=unit.name, after=after)
    return unit.pk
