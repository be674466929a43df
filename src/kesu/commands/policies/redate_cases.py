"""Running cases go over to the calendar that their own has gone over into, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from kesu.access.due import running_with, sealed_running, taken_case
from kesu.casefile import redating
from kesu.casefile.casefile import CaseFile
from kesu.casefile.rest import is_sealed_head
from kesu.casefile.sealing import renew_allow_list
from kesu.casefile.streams import Head
from kesu.store.models import CalendarChange, Case

Told = Callable[["Redated | Unread"], None]


@dataclass(frozen=True, slots=True)
class Redated:
    """One ordinary case that was brought over. Of sealed ones nothing is told, not even how many there were."""

    number: str
    moves: tuple[redating.Moved, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """One ordinary case that could not be read, for a `fault` of the program: it stays as it was."""

    number: str
    fault: str


@dataclass(slots=True)
class Count:
    """Of ordinary cases: brought over; `moved`: of these with a deadline that moved; `failed`: which could not be read,
    and stay as they were."""

    cases: int = 0
    moved: int = 0
    failed: int = 0


def redate_cases(*, at: datetime, tell: Told | None = None) -> Count:
    """Brings every running case over whose calendar has gone over into another. One transaction each: whoever is killed
    in the middle has left the rest to the next run, and nothing is done twice. Walks the index of the running cases
    that count with a calendar which has a newer one; others cost nothing."""
    changes = redating.all_changes()
    count = Count()
    for take in _each(changes):
        found = _bring_over(take, changes, at)
        if isinstance(found, Redated):
            count.cases += 1
            count.moved += bool(found.moves)
        elif found is not None:
            count.failed += 1
        if found is not None and tell is not None:
            tell(found)
    return count


def _each(changes: list[CalendarChange]) -> Iterator[Callable[[], Head | None]]:
    for version in dict.fromkeys(change.before_id for change in changes):
        for case_id in running_with(version):
            yield partial(taken_case, case_id)
    if changes:
        for case_id in _sealed():
            yield partial(taken_case, case_id, is_sealed=True)


@transaction.atomic
def _sealed() -> list[UUID]:
    return sealed_running()


def _bring_over(
    take: Callable[[], Head | None], changes: list[CalendarChange], at: datetime
) -> Redated | Unread | None:
    head: Head | None = None
    try:
        with transaction.atomic():
            head = take()
            if head is None:  # in somebody's hands, who looks himself, or else the next run does
                return None
            file = CaseFile.open(head)
            moves = redating.follow(file, changes, at)
            if moves is not None and is_sealed_head(head):
                renew_allow_list(file, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # one case that cannot be read must not keep all others from it
        return Unread(head.number, type(fault).__name__) if isinstance(head, Case) else None
    return None if moves is None or not isinstance(head, Case) else Redated(head.number, moves)
