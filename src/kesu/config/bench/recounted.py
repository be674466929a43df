"""Very many running cases go over to a calendar that has one more day off, while the program runs beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kesu.config.bench.figures import Single
from kesu.config.bench.place import Place, close_connections
from kesu.config.bench.waves import Expected, Lying, load
from kesu.config.progress import Progress
from kesu.core import clock
from kesu.policy.calendar import DayKind, SpecialDay, Year
from kesu.policy.events import CALENDAR_RENEWED

if TYPE_CHECKING:
    from datetime import datetime

    from kesu.config.bench.company import Company
    from kesu.policy.calendar import Calendar

_COPIES: Final = 50
_SAMPLE: Final = 50
"""Of so many cases one is worked out again from its log and compared with what lists read."""


def recount(own: Place, cases: int, progress: Progress) -> Iterator[Single]:
    """With the program running. Cases that nobody touches are opened now, on a workday; it becomes a day off, and all
    that runs is counted anew, twice, as after a stop."""
    from kesu.commands.policies.redate_cases import redate_cases
    from kesu.commands.policies.renew_calendars import renew_calendars
    from kesu.config.bench.company import calendar_at
    from kesu.config.bench.crew import company
    from kesu.config.bench.once import not_once

    made, at = company(own.at), clock.now()
    expected: list[Expected] = []
    with progress.step(f"写入在办的 {cases:,} 件") as step:
        for some in load(own.at, list(_reports(made, at, cases))):
            expected += some
            step.note(f"{len(expected):,}")
    close_connections()
    renew_calendars(actor=None, at=clock.now(), plan=[_with_a_day_off(calendar_at(own.at), at)])
    with progress.step("改按新日历计时"):
        began = time.monotonic()
        first = redate_cases(at=clock.now())
        seconds = time.monotonic() - began
    again = redate_cases(at=clock.now())
    with progress.step("核对改过的每一件"):
        faults = not_once([one.case for one in expected], CALENDAR_RENEWED)
        faults += first.failed + again.cases + again.failed
        wrong = _wrong(expected)
    yield Single("改按新日历：件数", first.cases, "件", len(expected), is_floor=True)
    yield Single("其中时限变了", first.moved, "件", 1, is_floor=True)
    yield Single("每秒改", first.cases / seconds, "件/秒")
    yield Single("没有改、改了两次或读不出的", faults, "件", 0)
    yield Single(f"列表与记录不同的（每 {_SAMPLE} 件抽一件）", wrong, "件", 0)


def _reports(made: Company, at: datetime, cases: int) -> Iterator[Lying]:
    """Taken down now, at every project in turn."""
    from kesu.config.bench.once import next_figure

    first, places = next_figure(), sorted(code for code, parts in made.actors.items() if "first" in parts)
    for nth in range(max(1, cases // _COPIES)):
        place = places[nth % len(places)]
        yield Lying(place, made.actors[place]["first"], at, at, at, _COPIES, first + nth * _COPIES)


def _with_a_day_off(calendar: Calendar, at: datetime) -> Year:
    """The year as it is, but that nobody works today: what was opened now, and is owed within hours, moves."""
    day = calendar.local(at).date()
    off = SpecialDay(day, DayKind.HOLIDAY, "补放一天")
    year = next(one for one in calendar.years if one.number == day.year)
    return replace(year, days=(*(one for one in year.days if one.date != day), off))


def _wrong(expected: Sequence[Expected]) -> int:
    """Of a sample, how many have rows that do not say what their log says. What the worker has in hand is waited
    for."""
    from kesu.queries.proof.rows_of_case import compared

    wrong = 0
    for one in expected[::_SAMPLE]:
        until = clock.now() + timedelta(minutes=1)
        while (found := compared(one.case, clock.now())) is None and clock.now() < until:
            time.sleep(0.2)
        wrong += found is None or bool(found.differences)
    return wrong
