"""Whether somebody is away today, and through whom he is reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kesu.access.actor import Actor
from kesu.store.fixed import Fixed, Slot
from kesu.store.models import Absence, StandIn


@dataclass(frozen=True, slots=True)
class Away:
    """`until_on`: the last day, inclusive. `deputy`: the name of who stands in for him, absences of deputies taken into
    account; empty where nobody does."""

    until_on: date
    deputy: str


def away(*, actor: Actor, on: date) -> Away | None:
    """Of oneself, on a day of the organisation's zone; None for somebody who is there. One query."""
    found = _AWAY(actor.account_id, on)
    return Away(found[0][0], found[0][1] or "") if found else None


def _away(account: Slot, on: Slot) -> QuerySet[Absence, tuple[Any, ...]]:
    days = Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))
    deputy = StandIn.objects.filter(days, account=OuterRef("account"), deputy__is_active=True).values("deputy__name")
    return Absence.objects.filter(account=account, from_on__lte=on, until_on__gte=on).values_list(
        "until_on", Subquery(deputy[:1])
    )


_AWAY: Final = Fixed(_away)
