"""Time itself acts: levels rise, reminders and escalations fall due, windows of matters close, and what a matter has
reached is carried to its members. Called by the worker, safe to call by many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from kesu.access.due import (
    due_case,
    earliest_wake,
    locked_case,
    next_due_cases,
    next_due_matter,
    next_due_sealed_case,
    next_untold_cases,
)
from kesu.casefile import redating
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters import waking
from kesu.casefile.rest import is_sealed_head, put_off_waking
from kesu.casefile.sealing import renew_allow_list
from kesu.casefile.streams import Head
from kesu.casefile.together import settle_together
from kesu.store.models import Case
from kesu.store.sealed_reader import SYSTEM, read_as

MOST: Final = 20
"""Cases that are woken in one transaction: few enough that nobody waits long for one of them, or for the next urgent
one."""


class WakeFailed(Exception):
    """One case, or one matter, could not be woken; nothing of it was written. `put_off` keeps it from stopping all
    others."""

    def __init__(self, case_id: UUID, *, is_sealed: bool) -> None:
        super().__init__("sealed case" if is_sealed else str(case_id))
        self.case_id = case_id
        self.is_sealed = is_sealed


def wake_one(*, at: datetime) -> bool:
    """Wakes the one case that has waited longest, urgent ones first, or else tells some members of a matter or looks at
    a matter; False when none is due. One transaction each: whoever is killed in the middle has done nothing, and
    another worker takes it up. Raises `WakeFailed`."""
    return _wake(_next_due_case, at) or wake_another(at=at)


def wake_some(*, at: datetime, most: int = MOST) -> int:
    """Wakes up to so many ordinary cases in one transaction, urgent ones first and by themselves; says how many.
    Whoever is killed in the middle has done nothing. Raises `WakeFailed` for one that cannot be woken; then nothing of
    the others was written either."""
    count, alone = _wake_together(at, most)
    for case_id in alone:
        count += _wake(partial(due_case, case_id), at)
    return count


def wake_another(*, at: datetime) -> bool:
    """Wakes a sealed case, or tells some members of a matter, or looks at a matter; False when none is due. Raises
    `WakeFailed`."""
    return _wake(next_due_sealed_case, at) or _tell_some(at) or _look_at_matter(at)


@transaction.atomic
def _wake_together(at: datetime, most: int) -> tuple[int, list[UUID]]:
    """How many were woken, and which of those that are due must be woken alone: all of them where one cannot even be
    read, for woken alone it says which."""
    heads = next_due_cases(at, most)
    if not heads:
        return 0, []
    try:
        with transaction.atomic():
            alone = settle_together(heads, at, _or_failed)
    except (WakeFailed, OperationalError, InterfaceError):
        raise
    except Exception:
        alone = [head.pk for head in heads]
    return len(heads) - len(alone), alone


def _next_due_case(at: datetime) -> Case | None:
    return next(iter(next_due_cases(at, 1)), None)


@transaction.atomic
def _wake(next_due: Callable[[datetime], Head | None], at: datetime) -> bool:
    head = next_due(at)
    if head is None:
        return False
    with _or_failed(head.pk, is_sealed=is_sealed_head(head)):
        file = CaseFile.open(head)
        if redating.follow(file, redating.all_changes(), at) is None:
            file.settle(at)
        if is_sealed_head(head):
            renew_allow_list(file, at)
    return True


@transaction.atomic
def _tell_some(at: datetime) -> bool:
    cases = next_untold_cases(at, waking.BATCH)
    for case in cases:
        with _or_failed(case.pk):
            waking.tell_member(case, at)
    return bool(cases)


@transaction.atomic
def _look_at_matter(at: datetime) -> bool:
    matter = next_due_matter(at)
    if matter is None:
        return False
    with _or_failed(matter.pk):
        before = matter.version
        members = waking.uncounted(matter, at)
        waking.wake(matter, [locked_case(pk) for pk in members], at)
    # Where all that is left are members in somebody's hands, nothing was done.
    return bool(members) or matter.version != before or matter.wake_at is None or matter.wake_at > at


@contextmanager
def _or_failed(what: UUID, *, is_sealed: bool = False) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError):
        raise  # the database went away or broke a tie between two transactions: not this case's fault
    except Exception as error:
        raise WakeFailed(what, is_sealed=is_sealed) from error


@transaction.atomic
def put_off(failed: WakeFailed, *, until: datetime) -> None:
    """One poisoned case must not stop all others: it is tried again later."""
    read_as(SYSTEM)
    waking.put_off(failed.case_id, until)
    put_off_waking(failed.case_id, is_sealed=failed.is_sealed, until=until)


@transaction.atomic
def next_wake_at() -> datetime | None:
    """The earliest instant at which a case or a matter wants to be woken."""
    return earliest_wake()
