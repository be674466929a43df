"""One task of one night: taken by one worker, done once, tried again after a failure, and its result kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import OperationalError, transaction

from kesu.store.models import NightlyResult

Work = Callable[[date, datetime], Mapping[str, Any]]
"""Does the task of a night at a moment. What it returns is kept: counts and identifiers, nothing of a person, and
nothing that tells of a sealed case."""

_AGAIN: Final = timedelta(minutes=10)
_LONGEST: Final = 6
_DONE: Final = "done"
_FAILED: Final = "failed"


class Ended(StrEnum):
    DONE = "done"  # now
    ALREADY = "already"
    LATER = "later"  # another worker has it in hand, or it failed and is tried again later
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Ran:
    ended: Ended
    details: Mapping[str, Any]
    fault: Exception | None = None


def run_nightly_task(*, task: str, night: date, at: datetime, work: Work) -> Ran:
    """Does `work` and keeps its result in one transaction: whoever is killed in the middle has done nothing. A failure
    is kept and answered with `Ended.FAILED`; only a lost database is raised (`OperationalError`)."""
    # Committed by itself: two workers that write the same new row would wait for each other's work.
    if not NightlyResult.objects.filter(task=task, night=night).exists():
        NightlyResult.objects.bulk_create([NightlyResult(task=task, night=night, try_at=at)], ignore_conflicts=True)
    return _take(task, night, at, work)


@transaction.atomic
def _take(task: str, night: date, at: datetime, work: Work) -> Ran:
    row = NightlyResult.objects.select_for_update(skip_locked=True).filter(task=task, night=night).first()
    if row is None:
        return Ran(Ended.LATER, {})
    if row.state == _DONE:
        return Ran(Ended.ALREADY, row.details)
    if row.try_at > at:
        return Ran(Ended.LATER, {})
    row.attempts += 1
    try:
        with transaction.atomic():
            row.details = dict(work(night, at))
    except OperationalError:
        raise
    except Exception as fault:
        row.state, row.error = _FAILED, _named(fault)
        row.try_at = at + _AGAIN * min(row.attempts, _LONGEST)
        row.save()
        return Ran(Ended.FAILED, {}, fault)
    row.state, row.error, row.ended_at = _DONE, "", at
    row.save()
    return Ran(Ended.DONE, row.details)


def _named(fault: Exception) -> str:
    """The kind of fault, never the values in it."""
    reason = fault.strerror if isinstance(fault, OSError) else None
    return f"{type(fault).__name__}: {reason}"[:200] if reason else type(fault).__name__
