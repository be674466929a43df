"""Time itself acts: levels rise, reminders and escalations fall due. Called by the worker, safe to call by many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from kesu.access.due import earliest_wake, next_due_case, next_due_sealed_case
from kesu.casefile.casefile import CaseFile
from kesu.casefile.rest import is_sealed_head, put_off_waking
from kesu.casefile.sealing import renew_allow_list
from kesu.casefile.streams import Head
from kesu.store.sealed_reader import SYSTEM, read_as


class WakeFailed(Exception):
    """One case could not be woken; nothing of it was written. `put_off` keeps it from stopping all others."""

    def __init__(self, case_id: UUID, *, is_sealed: bool) -> None:
        super().__init__("sealed case" if is_sealed else str(case_id))
        self.case_id = case_id
        self.is_sealed = is_sealed


def wake_one(*, at: datetime) -> bool:
    """Wakes the one case that has waited longest, urgent ones first; False when none is due. One transaction a case:
    whoever is killed in the middle has done nothing, and another worker takes it up. Raises `WakeFailed`."""
    return _wake(next_due_case, at) or _wake(next_due_sealed_case, at)


@transaction.atomic
def _wake(next_due: Callable[[datetime], Head | None], at: datetime) -> bool:
    head = next_due(at)
    if head is None:
        return False
    try:
        file = CaseFile.open(head)
        file.settle(at)
        if is_sealed_head(head):
            renew_allow_list(file, at)
    except (OperationalError, InterfaceError):
        raise  # the database went away or broke a tie between two transactions: not this case's fault
    except Exception as error:
        raise WakeFailed(head.pk, is_sealed=is_sealed_head(head)) from error
    return True


@transaction.atomic
def put_off(failed: WakeFailed, *, until: datetime) -> None:
    """One poisoned case must not stop all others: it is tried again later."""
    read_as(SYSTEM)
    put_off_waking(failed.case_id, is_sealed=failed.is_sealed, until=until)


@transaction.atomic
def next_wake_at() -> datetime | None:
    """The earliest instant at which a case wants to be woken."""
    return earliest_wake()
