"""Time itself acts: levels rise, reminders and escalations fall due. Called by the worker, safe to call by many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from kesu.casefile.casefile import CaseFile
from kesu.casefile.streams import Head
from kesu.store.models import Case, CaseCard, SealedCase
from kesu.store.sealed_reader import SYSTEM, read_as


class WakeFailed(Exception):
    """One case could not be woken; nothing of it was written. `put_off` keeps it from stopping all others."""

    def __init__(self, case_id: str, *, is_sealed: bool) -> None:
        super().__init__("sealed case" if is_sealed else case_id)
        self.case_id = case_id
        self.is_sealed = is_sealed


def wake_one(*, at: datetime) -> bool:
    """Wakes the one case that has waited longest, urgent ones first; False when none is due. One transaction a case:
    whoever is killed in the middle has done nothing, and another worker takes it up. Raises `WakeFailed`."""
    return _wake(_next_ordinary, at) or _wake(_next_sealed, at)


@transaction.atomic
def _wake(next_due: Callable[[datetime], Head | None], at: datetime) -> bool:
    head = next_due(at)
    if head is None:
        return False
    try:
        CaseFile.open(head).settle(at)
    except Exception as error:
        raise WakeFailed(str(head.pk), is_sealed=isinstance(head, SealedCase)) from error
    return True


def _next_ordinary(at: datetime) -> Case | None:
    """Locks the case itself, as every command does, so that the two can never wait for each other."""
    return (
        Case.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("unit")
        .filter(card__wake_at__lte=at)
        .order_by("-card__urgent", "card__wake_at")
        .first()
    )


def _next_sealed(at: datetime) -> SealedCase | None:
    read_as(SYSTEM)
    return (
        SealedCase.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("unit")
        .filter(wake_at__lte=at)
        .order_by("wake_at")
        .first()
    )


@transaction.atomic
def put_off(failed: WakeFailed, *, until: datetime) -> None:
    """One poisoned case must not stop all others: it is tried again later."""
    if failed.is_sealed:
        read_as(SYSTEM)
        SealedCase.objects.filter(pk=failed.case_id).update(wake_at=until)
    else:
        CaseCard.objects.filter(pk=failed.case_id).update(wake_at=until)


@transaction.atomic
def next_wake_at() -> datetime | None:
    """The earliest instant at which a case wants to be woken."""
    read_as(SYSTEM)
    ordinary = CaseCard.objects.filter(wake_at__isnull=False).order_by("wake_at").values_list("wake_at", flat=True)
    sealed = SealedCase.objects.filter(wake_at__isnull=False).order_by("wake_at").values_list("wake_at", flat=True)
    found = [at for at in (ordinary.first(), sealed.first()) if at is not None]
    return min(found, default=None)
