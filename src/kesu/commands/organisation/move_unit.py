"""A unit is hung under another one, with everything in it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import KINDS_INSIDE, unit_for
from kesu.access.permissions import Permission
from kesu.casefile import house, moving
from kesu.casefile.rest import wake_under
from kesu.store.models import Unit


@transaction.atomic
def move_unit(*, actor: Actor, at: datetime, unit_id: UUID, inside: UUID) -> None:
    """Who may see what lies there, and who holds its slots, follows at once; policies and numbers of cases stay what
    they are. Raises `NotFound`, `Forbidden`, or `Unacceptable` for a place where its kind may not stand, that lies in
    the unit itself or under another root, or where the name is taken."""
    unit_for(actor, unit_id, Permission.HOUSE_EDIT)
    above = unit_for(actor, inside, Permission.HOUSE_EDIT)
    house.wait_turn()
    unit = Unit.objects.select_related("parent").get(pk=unit_id)
    before = unit.parent.name if unit.parent else ""
    if unit.parent_id == above.pk:
        return
    reason = _wrong(unit, above)
    if reason:
        raise house.unreadable({"inside": reason})
    moved = moving.move(unit, above)
    wake_under(moved, at)
    house.record(
        "unit.moved",
        at=at,
        by=actor.account_id,
        subject=unit.pk,
        name=unit.name,
        before={"inside": before},
        after={"inside": above.name},
    )


def _wrong(unit: Unit, above: Unit) -> str:
    if above.path.startswith(unit.path):
        return "goes_round"
    if unit.parent is None or above.path.split("/")[1] != unit.path.split("/")[1]:
        return "other_root"
    if unit.kind not in KINDS_INSIDE.get(above.kind, ()):
        return "kind_not_there"
    return "name_taken" if Unit.objects.filter(parent=above, name=unit.name).exists() else ""
