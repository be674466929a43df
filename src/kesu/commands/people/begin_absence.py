"""Somebody will be away, and somebody else stands in for him."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.house import person_for
from kesu.casefile import absences, house
from kesu.casefile.rest import wake_all_of
from kesu.core.standing_in import Away, Days, by_person, stand_ins
from kesu.store.models import Absence, Account

_LONGEST: Final = 3 * 366
"""Days ahead; who is away for longer hands over."""


@transaction.atomic
def begin_absence(
    *, actor: Actor, at: datetime, on: date, account_id: UUID, deputy_id: UUID, first: date, last: date
) -> None:
    """`first` and `last`: both away; `on`: today. One may say so oneself; for others it takes the right to change
    people. Raises `NotFound`, `Forbidden`, or `Unacceptable` for days that are over or already taken, and for a deputy
    who is not there himself and has nobody but the absent to stand in for him."""
    account = person_for(actor, account_id)
    house.wait_turn()
    deputy = Account.objects.filter(pk=deputy_id, is_active=True).first()
    wrong: dict[str, str] = {}
    if deputy is None or deputy.pk == account.pk:
        wrong["deputy"] = "unknown_row"
    if last < first:
        wrong["last"] = "before_first"
    elif last < on:
        wrong["last"] = "day_over"
    elif (last - on).days > _LONGEST:
        wrong["last"] = "day_too_far"
    taken = Q(until_on__isnull=True) | Q(until_on__gte=first)
    if not wrong and Absence.objects.filter(taken, account=account, from_on__lte=last).exists():
        wrong["first"] = "days_taken"
    if not wrong and deputy is not None and _comes_round(account.pk, deputy.pk, Days(first, last)):
        wrong["deputy"] = "deputy_away"
    if wrong or deputy is None:
        raise house.unreadable(wrong)
    Absence.objects.create(account=account, deputy=deputy, from_on=first, until_on=last)
    absences.settle([account.pk])
    if first <= on:
        wake_all_of([account.pk], on, at)
    after = {"deputy": deputy.login, "from": first.isoformat(), "until": last.isoformat()}
    house.record("absence.begun", at=at, by=actor.account_id, subject=account.pk, name=account.name, after=after)


def _comes_round(who: UUID, deputy: UUID, days: Days) -> bool:
    """Whether on some of the days nobody would be there: the deputy's own deputies lead back."""
    away = by_person([*absences.all_absences(), Away(who, deputy, days)])
    found = stand_ins(who, days, away)
    return any(one.days.shared_with(part) for name, part in found for one in away.get(name, ()))
