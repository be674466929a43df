"""On the logs of all scenarios, what the walk leaves out changes no answer: at the end, at the next wakings, and after
a correction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kesu.casefile.library import Library, read_library
from kesu.policy.calendar import Calendar
from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.model.pack import Kind
from kesu.policy.scenarios.acting import Course
from kesu.policy.scenarios.reading import read_scenarios
from kesu.policy.scenarios.runner import Ways, play
from kesu.policy.standing import standing
from kesu.policy.standing.corrections import voided_seqs
from kesu.policy.standing.results import PARTS
from tests.policy.standing.thorough import thoroughly

CODES = read_library().codes
WAKINGS = 2


@pytest.mark.parametrize("code", CODES)
def test_the_walk_says_what_one_says_that_leaves_nothing_out(library: Library, calendar: Calendar, code: str) -> None:
    for course in _courses(library, calendar, code):
        log, now = course.log, max(event.at for event in course.log)
        _is_as_thorough(course.kind, [*log, _correction(log, now)], now, calendar)
        for _ in range(1 + WAKINGS):
            quick = standing(course.kind, log, now, calendar)
            if voided_seqs(log):
                _is_as_thorough(course.kind, log, now, calendar)
            else:
                assert quick == thoroughly(course.kind, log, now, calendar)
            if quick.wake_at is None:
                break
            now = quick.wake_at


def _is_as_thorough(kind: Kind, log: Sequence[Event], now: datetime, calendar: Calendar) -> None:
    """Part by part, without the obligations that were withdrawn, which stand behind the others."""
    quick, thorough = (read(kind, log, now, calendar) for read in (standing, thoroughly))
    assert quick.obligations[: len(thorough.obligations)] == thorough.obligations
    for part in PARTS:
        assert part == "obligations" or getattr(quick, part) == getattr(thorough, part)


def _correction(log: Sequence[Event], at: datetime) -> Event:
    wrong = log[len(log) // 2].seq
    return Event(max(event.seq for event in log) + 1, EVENT_VOIDED, at, at, "甲", facts={"seq": wrong})


def _courses(library: Library, calendar: Calendar, code: str) -> Iterator[Course]:
    pack, ways = library.load(code), Ways()
    for scenario in read_scenarios(library.scenarios(code), ZoneInfo(calendar.zone)):
        course = play(pack.kinds, scenario, calendar, ways)
        if course.log:
            yield course
