"""The work of the night. A new task is one line in `tasks`: a name, and a command that takes the night and the moment.

Each is done once a night by one of the workers, soon after `HOUR`; a night without a worker is caught up when one
starts. A task that fails is tried again and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from kesu.commands.nightly.check_projections import check_projections
from kesu.commands.nightly.clear_arrivals import clear_arrivals
from kesu.commands.nightly.clear_hooks import clear_hooks
from kesu.commands.nightly.clear_mails import clear_mails
from kesu.commands.nightly.clear_sessions import clear_sessions
from kesu.commands.nightly.copy_heads import copy_heads
from kesu.commands.nightly.remind_credentials import remind_credentials
from kesu.commands.nightly.run_nightly_task import Ended, Ran, Work, run_nightly_task
from kesu.commands.nightly.sign_heads import sign_heads
from kesu.queries.proof.nightly_results import nights_without

log = structlog.get_logger("kesu.nightly")

HOUR: Final = time(2, 0)
"""In the organisation's zone: after the posts of the day have changed hands, before anybody comes to work."""

_LOOK_AGAIN: Final = timedelta(minutes=1)
_SETTLED: Final = frozenset({Ended.DONE, Ended.ALREADY})


@dataclass(frozen=True, slots=True)
class Task:
    """`nights`: for which nights it is due, given the present one; the present one only, unless said otherwise."""

    name: str
    work: Work
    nights: Callable[[date], Iterable[date]] = lambda night: (night,)


def tasks() -> tuple[Task, ...]:
    """In the order in which they are tried."""
    return (
        Task("sign_heads", sign_heads),
        Task("copy_heads", _copy_heads, nights=lambda _: nights_without("copy_heads")),
        Task("check_projections", check_projections),
        Task("clear_sessions", clear_sessions),
        Task("remind_credentials", remind_credentials),
        Task("clear_arrivals", clear_arrivals),
        Task("clear_hooks", clear_hooks),
        Task("clear_mails", clear_mails),
    )


def _copy_heads(night: date, _at: datetime) -> dict[str, object]:
    folder: Path = settings.KESU_HEADS_DIR
    return dict(copy_heads(night, folder=folder, may_create=not settings.KESU_HEADS_ARE_ELSEWHERE))


def night_of(at: datetime) -> date:
    """The newest night whose hour has come."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return local.date() if local.time() >= HOUR else local.date() - timedelta(days=1)


class Nightly:
    """One worker's memory of when to look again."""

    def __init__(self) -> None:
        self._next: datetime | None = None

    def turn(self, at: datetime) -> None:
        """Does what is due and returns at once where nothing is. Raises `OperationalError` of a lost database."""
        if self._next is not None and at < self._next:
            return
        night = night_of(at)
        ended = [self._run(task, one, at) for task in tasks() for one in dict.fromkeys(task.nights(night))]
        self._next = _hour_after(night) if _SETTLED.issuperset(ended) else at + _LOOK_AGAIN

    def _run(self, task: Task, night: date, at: datetime) -> Ended:
        ran = run_nightly_task(task=task.name, night=night, at=at, work=task.work)
        _tell(task.name, night, ran)
        return ran.ended


def _hour_after(night: date) -> datetime:
    return datetime.combine(night + timedelta(days=1), HOUR, ZoneInfo(settings.TIME_ZONE))


def _tell(task: str, night: date, ran: Ran) -> None:
    day = f"{night:%Y/%m/%d}"  # with hyphens it would be taken for somebody's number and blotted out
    if ran.ended is Ended.FAILED:
        log.error("a nightly task failed, tried again later", task=task, night=day, exc_info=ran.fault)
    elif ran.ended is Ended.DONE:
        counts = {name: value for name, value in ran.details.items() if isinstance(value, int)}
        is_wrong = bool(counts.get("different") or counts.get("unreadable"))
        say = log.error if is_wrong else log.info
        say("rows and log differ" if is_wrong else "a nightly task is done", task=task, night=day, **counts)
