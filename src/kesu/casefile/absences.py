"""Absences, worked out for every post and person: who stands in on which days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from kesu.core.standing_in import Away, Days, by_person, stand_ins
from kesu.store.models import Absence, Account, PostHolding, StandIn

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('kesu.absences', 0))"

Absences = Mapping[UUID, Sequence[Away[UUID]]]


def settle(accounts: Iterable[UUID]) -> None:
    """Brings the rows of those who stand in into line with absences and posts, for everybody whose deputies lead to one
    of `accounts`. A deputy whose account is shut stands in for nobody: work stays with who is away, so that it is
    somebody's. Inside the transaction of the change; one at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    away = by_person(all_absences())
    concerned = _behind(set(accounts), away)
    there = set(Account.objects.filter(is_active=True).values_list("pk", flat=True))
    _put(
        StandIn.objects.filter(account_id__in=concerned),
        [
            StandIn(account_id=who, deputy_id=deputy, from_on=days.first, until_on=days.last)
            for who in concerned
            for deputy, days in stand_ins(who, Days(date.min), away)
            if deputy in there
        ],
    )
    _put(
        PostHolding.objects.filter(stands_for_id__in=concerned),
        [
            PostHolding(
                post_id=own.post_id,
                account_id=deputy,
                from_on=days.first,
                until_on=days.last,
                instead_of=own,
                stands_for_id=own.account_id,
            )
            for own in PostHolding.objects.filter(account_id__in=concerned, instead_of=None)
            for deputy, days in stand_ins(own.account_id, Days(own.from_on, own.until_on), away)
            if deputy in there
        ],
    )


def come_back(account: UUID, on: date) -> None:
    """Whoever had left for good is there again from this day on; days before it stay as they were."""
    for absence in Absence.objects.filter(account=account, until_on=None):
        end(absence, on)


def end(absence: Absence, on: date) -> None:
    """`on`: the first day on which he is there again. Not yet settled."""
    last = on - timedelta(days=1)
    if last < absence.from_on:
        absence.delete()
    else:
        absence.until_on = last
        absence.save(update_fields=["until_on"])


def all_absences() -> Iterable[Away[UUID]]:
    rows = Absence.objects.order_by("from_on", "pk").values_list("account_id", "deputy_id", "from_on", "until_on")
    return (Away(who, deputy, Days(first, last)) for who, deputy, first, last in rows)


def leads_nowhere(account: UUID, on: date) -> bool:
    """Whether nobody with an open account stands in for him on that day."""
    days = Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))
    return not StandIn.objects.filter(days, account_id=account, deputy__is_active=True).exists()


def _behind(accounts: set[UUID], away: Absences) -> set[UUID]:
    """Those whom any of `accounts` may stand in for, through however many others, and they themselves."""
    found = set(accounts)
    while more := {who for who, times in away.items() if who not in found and any(t.deputy in found for t in times)}:
        found |= more
    return found


def _put(held: Any, wanted: Sequence[Any]) -> None:
    """Rows that are right already stay as they are."""
    known = {_content(row): row.pk for row in held}
    new = {_content(row): row for row in wanted}
    held.model.objects.filter(pk__in=[pk for content, pk in known.items() if content not in new]).delete()
    held.model.objects.bulk_create([row for content, row in new.items() if content not in known])


def _content(row: StandIn | PostHolding) -> tuple[object, ...]:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key)
