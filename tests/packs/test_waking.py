"""On every log that a scenario writes, nothing changes by itself before the instant at which the engine asks to be
woken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kesu.casefile.library import Library, read_library
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.runner import Ways, play
from kesu.policy.standing import Standing, standing

CODES = read_library().codes
FAR = timedelta(days=400)


def _seen(kind: Kind, log: list[Event], at: datetime, calendar: Calendar) -> Standing:
    return replace(standing(kind, log, at, calendar), now=log[0].at)


@pytest.mark.parametrize("code", CODES)
def test_it_never_changes_before_it_asked_to_be_woken(library: Library, calendar: Calendar, code: str) -> None:
    pack = library.load(code)
    ways = Ways()
    for scenario in read_scenarios(library.scenarios(code), ZoneInfo(calendar.zone)):
        course = play(pack.kinds, scenario, calendar, ways)
        log = course.log
        now = log[-1].at if log else None
        for _ in range(4):
            if now is None:
                break
            present = _seen(course.kind, log, now, calendar)
            end = present.wake_at or now + FAR
            last = end - timedelta(microseconds=1)
            for share in (0.0, 0.31, 0.77):  # rounded, a share of a microsecond may be the whole of it
                at = min(now + (end - now) * share, last)
                assert _seen(course.kind, log, at, calendar) == present, scenario.title
            assert _seen(course.kind, log, last, calendar) == present, scenario.title
            now = present.wake_at
