"""Rows that the worker may take in hand: always one at a time, locked, passing over what another worker holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kesu.store.models import Case, CaseCard, Matter, MatterMember, SealedCase
from kesu.store.models.cases import OPEN_CARD
from kesu.store.sealed_reader import SYSTEM, read_as

_MANY: Final = 500


def next_due_cases(at: datetime, most: int) -> list[Case]:
    """The ordinary cases that have waited longest. Where urgent ones are due, those and no others. Locks the cases
    themselves, as every command does, so that the two can never wait for each other; what somebody holds is passed
    over. Each lane is read off its index: what is due costs, not how much of it there is."""
    due = (
        Case.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("unit")
        .filter(card__wake_at__lte=at)
        .order_by("card__wake_at")
    )
    return list(due.filter(card__urgent=True)[:most]) or list(due[:most])


def due_case(case_id: UUID, at: datetime) -> Case | None:
    """The same one, unless somebody has it in hand or has seen to it meanwhile."""
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit")
    return rows.filter(pk=case_id, card__wake_at__lte=at).first()


def next_due_sealed_case(at: datetime) -> SealedCase | None:
    """Names the transaction's reader as the system."""
    read_as(SYSTEM)
    return (
        SealedCase.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("unit")
        .filter(wake_at__lte=at)
        .order_by("wake_at")
        .first()
    )


def next_due_matter(at: datetime) -> Matter | None:
    """A matter that wants to be looked at, or has members whose people nobody has counted. Locks it; before any case.
    Asked apart, each is found by an index."""
    uncounted = MatterMember.objects.filter(_may_be_tried(at), is_counted=False).values("matter")
    for due in (Matter.objects.filter(wake_at__lte=at), Matter.objects.filter(pk__in=uncounted)):
        found = due.order_by("wake_at", "pk").select_for_update(skip_locked=True, of=("self",)).first()
        if found is not None:
            return found
    return None


def next_untold_cases(at: datetime, most: int) -> list[Case]:
    """Cases that have not heard yet of what their matter has reached, locked."""
    untold = MatterMember.objects.filter(
        _may_be_tried(at), matter__wake_at__lte=at, told_seq__lt=F("matter__crossed_seq")
    )
    rows = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit")
    return list(rows.filter(pk__in=untold.values("case")).order_by("pk")[:most])


def _may_be_tried(at: datetime) -> Q:
    return Q(try_at__isnull=True) | Q(try_at__lte=at)


def earliest_wake() -> datetime | None:
    """The earliest instant at which any case or matter wants to be woken. Inside a transaction."""
    read_as(SYSTEM)
    ordinary = CaseCard.objects.filter(wake_at__isnull=False).order_by("wake_at").values_list("wake_at", flat=True)
    sealed = SealedCase.objects.filter(wake_at__isnull=False).order_by("wake_at").values_list("wake_at", flat=True)
    matters = Matter.objects.filter(wake_at__isnull=False).order_by("wake_at").values_list("wake_at", flat=True)
    found = [at for at in (ordinary.first(), sealed.first(), matters.first()) if at is not None]
    return min(found, default=None)


def locked_case(case_id: UUID) -> Case:
    """A case that the program itself reaches through another one (the members of a matter)."""
    return Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case_id)


def running_with(version: str) -> Iterator[UUID]:
    """The running ordinary cases that count with a calendar, by its index, some hundreds at a time."""
    return _by_hundreds(CaseCard.objects.filter(OPEN_CARD, counted_with_id=version))


def running_under(policy: str, path: str) -> Iterator[UUID]:
    """The running ordinary cases that stand by a version of a policy, by its index, in a part of the organisation, some
    hundreds at a time."""
    return _by_hundreds(CaseCard.objects.filter(OPEN_CARD, case__policy_version_id=policy, unit_path__startswith=path))


def _by_hundreds(cards: QuerySet[CaseCard]) -> Iterator[UUID]:
    ids = cards.order_by("pk").values_list("pk", flat=True)
    found = list(ids[:_MANY])
    while found:
        yield from found
        found = list(ids.filter(pk__gt=found[-1])[:_MANY])


def sealed_running() -> list[UUID]:
    """The running sealed cases: there are few. Inside a transaction, which reads as the system from here on."""
    read_as(SYSTEM)
    return list(SealedCase.objects.filter(is_final=False).order_by("pk").values_list("pk", flat=True))


def taken_case(case_id: UUID, *, is_sealed: bool = False) -> Case | SealedCase | None:
    """A case, locked, where nobody else has it in hand. Inside a transaction."""
    if not is_sealed:
        rows = Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit")
        return rows.filter(pk=case_id).first()
    read_as(SYSTEM)
    sealed = SealedCase.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit")
    return sealed.filter(pk=case_id).first()
