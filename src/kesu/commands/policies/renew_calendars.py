"""A newly published year is brought into force for the policies that are adopted already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import renewing
from kesu.casefile.books import served_by
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.calendar import Year
from kesu.store.models import Unit


@dataclass(frozen=True, slots=True)
class Renewed:
    """One adoption that counts with another calendar from now on. `before`, `after`: versions of it."""

    unit: str
    kind: str
    name: str
    before: str
    after: str


@transaction.atomic
def renew_calendars(
    *, actor: Actor | None, at: datetime, unit_id: UUID | None = None, plan: Iterable[Year] = ()
) -> list[Renewed]:
    """`actor` None: the installation itself. `unit_id`: only what this unit and those below it have adopted. `plan`:
    years as they were published; they replace what a calendar knew of them. Every other year that a calendar knows
    only provisionally, and the coming one, is taken from the published data on board.

    What is received from `at` on is counted with the new calendars. Open cases follow by `redate_cases`. Calendars
    adopted without public holidays stay as they are. Raises `NotFound` for an unknown unit, `Forbidden` without the
    right to adopt."""
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else None
    if unit_id and unit is None:
        raise NotFound
    found = renewing.wanted(renewing.with_news(tuple(plan), at), at, unit)
    for one in found:
        if actor is not None and not actor.may_at(Permission.POLICY_ADOPT, one.unit.path if one.unit else "/"):
            raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    made_by = actor.account_id if actor is not None else None
    for one in found:
        renewing.write(one, at=at, made_by=made_by, source="renewed", reason="")
    return [
        Renewed(row.unit.name, served_by(row), one.after.name, one.before.version, one.after.version)
        for one in found
        for row in one.adoptions
    ]
