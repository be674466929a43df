"""How the last nights went, task by task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from kesu.store.models import NightlyResult, SignedNight


@dataclass(frozen=True, slots=True)
class NightlyLine:
    """`state`: due, done or failed; `error` names the kind of the last fault; `details` as the task left them."""

    task: str
    night: date
    state: str
    attempts: int
    ended_at: datetime | None
    error: str
    details: Mapping[str, Any]


def last_nightly_results() -> tuple[NightlyLine, ...]:
    """The newest night of every task, by name. Nothing here tells of a sealed case."""
    rows = NightlyResult.objects.order_by("task", "-night").distinct("task")
    return tuple(_line(row) for row in rows)


def nights_without(task: str) -> tuple[date, ...]:
    """Signed nights for which this task is not done, oldest first: also where a worker was killed between the two."""
    done = NightlyResult.objects.filter(task=task, state="done", night=OuterRef("night"))
    return tuple(SignedNight.objects.filter(~Exists(done)).order_by("night").values_list("night", flat=True))


def _line(row: NightlyResult) -> NightlyLine:
    return NightlyLine(row.task, row.night, row.state, row.attempts, row.ended_at, row.error, row.details)
