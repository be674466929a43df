"""What tells an operator whether the program keeps up: queues and their ages, what is due and late, who is at work.

Numbers only, over the whole installation. Sealed cases are in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min, Q

from kesu.access.system import every_card
from kesu.store.models import Heartbeat, Obligation, OutboxMessage

_SOON: Final = timedelta(hours=24)
_SEALED: Final = "sealed"
"""The template of every message about a sealed case: none of them is counted."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Messages of one lane that are due, and for how many seconds the oldest has been (0 when none is)."""

    name: str
    waiting: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Process:
    """A process at work. `silent_seconds`: since it last said so."""

    part: str
    name: str
    started_at: datetime
    silent_seconds: float
    failures: int


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """`waking`: cases whose moment has come, and the age of the oldest in seconds. `open_cases`: not ended.
    `obligations`: open ones; of them `late` are over their limit, `soon` within a day of it. `held`: messages that wait
    for a mail server or an address; `failed`: given up."""

    waking: int
    waking_seconds: float
    open_cases: int
    obligations: int
    late: int
    soon: int
    lanes: tuple[Lane, ...]
    held: int
    failed: int
    processes: tuple[Process, ...]


def vital_signs(*, at: datetime) -> VitalSigns:
    """Six queries, whatever is stored."""
    waking = every_card().filter(wake_at__lte=at).aggregate(count=Count("pk"), oldest=Min("wake_at"))
    owed = Obligation.objects.filter(is_open=True).aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=at)),
        soon=Count("pk", filter=Q(due_at__gte=at, due_at__lt=at + _SOON)),
    )
    letters = OutboxMessage.objects.exclude(template=_SEALED)
    due = letters.filter(state="due", try_at__lte=at).values_list("lane")
    waiting = {name: (count, oldest) for name, count, oldest in due.annotate(Count("pk"), Min("try_at"))}
    states = letters.filter(state__in=["held", "failed"]).aggregate(
        held=Count("pk", filter=Q(state="held")), failed=Count("pk", filter=Q(state="failed"))
    )
    return VitalSigns(
        waking=waking["count"],
        waking_seconds=_age(waking["oldest"], at),
        open_cases=every_card().filter(is_final=False).count(),
        obligations=owed["all"],
        late=owed["late"],
        soon=owed["soon"],
        lanes=tuple(_lane(name, *waiting.get(name, (0, None)), at) for name in ("urgent", "normal", "digest")),
        held=states["held"],
        failed=states["failed"],
        processes=tuple(
            Process(one.part, one.process, one.started_at, _age(one.at, at), one.failures)
            for one in Heartbeat.objects.order_by("part", "process")
        ),
    )


def _lane(name: str, waiting: int, oldest: datetime | None, at: datetime) -> Lane:
    return Lane(name, waiting, _age(oldest, at))


def _age(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0
