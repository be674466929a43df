"""On the longest log that scenarios write of each kind, a case told on from event to event stands as its log says."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from kesu.casefile.library import Library, read_library
from kesu.policy.calendar import Calendar
from kesu.policy.scenarios.acting import Course
from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.runner import Ways, play
from kesu.policy.standing import Retelling, standing

CODES = read_library().codes


@pytest.mark.parametrize("code", CODES)
def test_it_stands_at_every_event_and_waking_as_the_whole_log_says(
    library: Library, calendar: Calendar, code: str
) -> None:
    for course in _longest(library, calendar, code):
        log = sorted(course.log, key=lambda event: (event.at, event.seq))
        case = Retelling(course.kind, calendar)
        for nth, event in enumerate(log, start=1):
            case.hear(event)
            whole = standing(course.kind, log[:nth], event.at, calendar)
            assert case.at(event.at) == whole
            if whole.wake_at is not None:
                assert case.at(whole.wake_at) == standing(course.kind, log[:nth], whole.wake_at, calendar)


def _longest(library: Library, calendar: Calendar, code: str) -> list[Course]:
    pack, ways = library.load(code), Ways()
    found: dict[str, Course] = {}
    for scenario in read_scenarios(library.scenarios(code), ZoneInfo(calendar.zone)):
        course = play(pack.kinds, scenario, calendar, ways)
        present = found.get(course.kind.code)
        if course.log and (present is None or len(course.log) > len(present.log)):
            found[course.kind.code] = course
    return list(found.values())
