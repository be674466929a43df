"""A unit gets another name or code, is opened to customers or not, is closed or opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import unit_for
from kesu.access.permissions import Permission
from kesu.casefile import house, units
from kesu.core.codes import half_width
from kesu.store.models import Unit


@dataclass(frozen=True, slots=True)
class UnitState:
    name: str
    code: str
    is_public: bool
    is_closed: bool


@transaction.atomic
def change_unit(*, actor: Actor, at: datetime, on: date, unit_id: UUID, wanted: UnitState) -> None:
    """A closed unit takes no new cases and is offered nowhere; what lies there goes on. `on`: today. Raises `NotFound`,
    `Forbidden`, or `Unacceptable` for a name or code that is missing, taken or cannot be used."""
    unit_for(actor, unit_id, Permission.HOUSE_EDIT)
    house.wait_turn()
    unit = Unit.objects.select_related("parent").get(pk=unit_id)
    name, code = wanted.name.strip(), half_width(wanted.code)
    wrong = units.check(name, code, parent=unit.parent, unit=unit)
    if not code:
        wrong["code"] = "text_missing"
    if wrong:
        raise house.unreadable(wrong)
    before = _stated(unit)
    unit.name, unit.code, unit.is_public = name, code, wanted.is_public
    unit.closed_on = (unit.closed_on or on) if wanted.is_closed else None
    after = _stated(unit)
    changed = [key for key in after if before[key] != after[key]]
    if not changed:
        return
    unit.save()
    stated = {"before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed}}
    house.record("unit.changed", at=at, by=actor.account_id, subject=unit.pk, name=unit.name, **stated)


def _stated(unit: Unit) -> dict[str, object]:
    closed = unit.closed_on.isoformat() if unit.closed_on else ""
    return {"name": unit.name, "code": unit.code, "is_public": unit.is_public, "closed_on": closed}
