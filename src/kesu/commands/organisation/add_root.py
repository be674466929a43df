"""A company that stands beside the group: a property company, a contractor, a laboratory, an authority."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import ROOTS, founding_post
from kesu.casefile import house, units
from kesu.core.codes import half_width
from kesu.store.models import Unit


@transaction.atomic
def add_root(*, actor: Actor, at: datetime, on: date, kind: str, name: str, code: str = "") -> UUID:
    """Nothing of it is seen from other roots; whoever founds it administers it with the post through which he may found
    it, from `on`, until he gives it to others. `code`: made of the name where it is empty. Raises `Forbidden` and
    `Unacceptable`."""
    through = founding_post(actor)
    house.wait_turn()
    code = half_width(code)
    wrong = units.check(name, code, parent=None) | units.kind_wrong(kind, ROOTS)
    if wrong:
        raise house.unreadable(wrong)
    unit = Unit.objects.create(parent=None, kind=kind, name=name.strip(), code=code)
    units.give_administrator(unit, account_id=actor.account_id, role=through.role, post_name=through.name, on=on)
    after = {"kind": kind, "code": unit.code}
    house.record("unit.created", at=at, by=actor.account_id, subject=unit.pk, name=unit.name, after=after)
    return unit.pk
