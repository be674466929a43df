"""The organisation as its administrators reach it: units, posts and people under their posts, and nothing of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.core.errors import Forbidden, NotFound
from kesu.store.models import Account, Unit
from kesu.store.models.organisation import UnitKind

KINDS_INSIDE: Final[Mapping[str, tuple[str, ...]]] = {
    UnitKind.GROUP: (UnitKind.REGION, UnitKind.COMPANY, UnitKind.PROJECT, UnitKind.DEPARTMENT),
    UnitKind.REGION: (UnitKind.COMPANY, UnitKind.PROJECT, UnitKind.DEPARTMENT),
    UnitKind.COMPANY: (UnitKind.PROJECT, UnitKind.DEPARTMENT),
    UnitKind.PROJECT: (UnitKind.DEPARTMENT,),
    UnitKind.DEPARTMENT: (),
}
"""What may stand directly inside what."""


def held_on(on: date) -> Q:
    """Of holdings: those that last until this day or longer, and those without an end."""
    return Q(until_on__isnull=True) | Q(until_on__gte=on)


def unit_for(actor: Actor, unit_id: UUID, needs: Permission) -> Unit:
    """The unit, or `NotFound` where the actor may not even see the organisation there, or `Forbidden` without the
    right."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or not actor.may_at(Permission.HOUSE_READ, unit.path):
        raise NotFound
    if not actor.may_at(needs, unit.path):
        raise Forbidden("permission_missing", data={"permission": needs.value})
    return unit


def account_for(actor: Actor, account_id: UUID) -> Account:
    """Raises `Forbidden` without the right to change people, `NotFound` for nobody."""
    actor.require(Permission.PEOPLE_EDIT)
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account
