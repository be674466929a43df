"""The engine alone: what a standing costs at so many events, and whether it grows with the log or faster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from kesu.casefile.books import calendar_of
from kesu.config.bench.acting import Cast
from kesu.config.bench.company import Company
from kesu.config.bench.courses import courses
from kesu.config.bench.figures import Single
from kesu.config.bench.loading import tell
from kesu.config.bench.telling import Told, Written
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import STATED
from kesu.policy.model.pack import Kind
from kesu.policy.standing import standing

_SIZES: Final = (20, 100, 500)
_LIMITS: Final = {20: 1.0, 500: 20.0}
_MORE: Final = ("take_note", "join", "take_note", "log_talk")
"""Steps that a case may see any number of."""
_LOGS: Final = 24
_ROUNDS: Final = 5
_STEEPEST: Final = 1.5
"""How many times the share of the log a longer one may cost: noise, not growth."""


def figures(company: Company, at: datetime) -> list[Single]:
    """Milliseconds of processor time at 20, 100 and 500 events, the median of different cases of the company."""
    logs = list(_logs(company, at))
    costs = {size: _cost([(kind, calendar, grown(kind, log, size)) for kind, calendar, log in logs]) for size in _SIZES}
    growth = costs[500] / costs[100] / 5
    return [
        *(Single(f"处境，{size} 条事件", costs[size], "ms", _LIMITS.get(size)) for size in _SIZES),
        Single("500 条对 100 条的增长（1：成比例）", growth, "倍", _STEEPEST),
    ]


def grown(kind: Kind, log: list[Event], size: int) -> list[Event]:
    """The log cut to `size` events, or made longer by notes, talks and people who join."""
    made, at = log[:size], log[min(size, len(log)) - 1].at
    while len(made) < size:
        nth = len(made) + 1
        at += timedelta(minutes=37)
        code = _MORE[nth % len(_MORE)]
        step = kind.steps[code]
        facts = {asked: f"{nth:032x}" if asked == "person" else STATED for asked in step.asks}
        made.append(Event(nth, step.event, at, at, "0" * 32, "cs_specialist", code, facts, step.forms))
    return made


def _logs(company: Company, at: datetime) -> Iterator[tuple[Kind, Calendar, list[Event]]]:
    """Logs of complaints that ran through all stages."""
    cast, found = Cast(company), 0
    for course in courses(company, at, cases=_LOGS * 8, copies=1, seed=7):
        if course.joiners:
            continue
        told = tell(course, 0, cast, at)
        log = _log(told)
        if len(log) >= 16 and set(_MORE) <= set(told.kind.steps):
            found += 1
            yield told.kind, calendar_of(told.adoption.calendar_version_id), log
        if found == _LOGS:
            return


def _log(told: Told) -> list[Event]:
    return [act.event for act in told.acts if isinstance(act, Written)]


def _cost(logs: list[tuple[Kind, Calendar, list[Event]]]) -> float:
    """Of each case the best of several rounds, of all cases the median. Rounds go through all cases, so that what the
    process remembers of one is not the only thing that it remembers."""
    best = [float("inf")] * len(logs)
    for _ in range(_ROUNDS):
        for nth, (kind, calendar, log) in enumerate(logs):
            began = time.process_time()
            standing(kind, log, log[-1].at, calendar)
            best[nth] = min(best[nth], time.process_time() - began)
    return sorted(best)[len(best) // 2] * 1000
