"""Somebody is back, or will not be away after all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import person_for
from kesu.casefile import absences, house
from kesu.casefile.rest import wake_all_of
from kesu.core.errors import NotFound
from kesu.store.models import Absence


@transaction.atomic
def end_absence(*, actor: Actor, at: datetime, on: date, absence_id: int) -> None:
    """`on`: the first day on which he is there again; days before it stay as they were. Raises `NotFound` (also for
    one that is over, and for somebody who has left for good) and `Forbidden`."""
    house.wait_turn()
    absence = Absence.objects.select_related("account").filter(pk=absence_id, until_on__gte=on).first()
    if absence is None:
        raise NotFound
    account = person_for(actor, absence.account_id)
    before = {"until": str(absence.until_on)}
    absences.end(absence, on)
    absences.settle([account.pk])
    wake_all_of([account.pk, absence.deputy_id], on, at)
    after = {"until": (on - timedelta(days=1)).isoformat()}
    house.record(
        "absence.ended", at=at, by=actor.account_id, subject=account.pk, name=account.name, before=before, after=after
    )
