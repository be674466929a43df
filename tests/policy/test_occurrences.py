"""Standing duties: every period exactly once, opened before it is due, whatever the schedule."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.calendar import parse_duration, sample_calendar
from kesu.policy.model.schedule import Due, Every, Schedule
from kesu.policy.occurrences import Occurrence, occurrence_at, occurrences

CALENDAR = sample_calendar()


def local(text: str) -> datetime:
    return CALENDAR.instant(datetime.fromisoformat(text).date(), datetime.fromisoformat(text).time())


def between(schedule: Schedule, first: str, last: str) -> list[Occurrence]:
    return list(occurrences(schedule, local(first), local(last), CALENDAR))


@pytest.mark.parametrize(
    ("every", "due", "opens", "due_at", "period"),
    [
        (Every.WEEK, Due(weekday=5, at=time(18)), "2026-07-06 00:00", "2026-07-10 18:00", "2026-W28"),
        (Every.WEEK, Due(), "2026-07-06 00:00", "2026-07-13 00:00", "2026-W28"),
        (Every.MONTH, Due(day=25), "2026-07-01 00:00", "2026-07-26 00:00", "2026-07"),
        (Every.MONTH, Due(day=31), "2026-02-01 00:00", "2026-03-01 00:00", "2026-02"),
        (Every.MONTH, Due(after=parse_duration("3个工作日")), "2026-10-01 00:00", "2026-10-10 18:00", "2026-09"),
        (Every.MONTH, Due(after=parse_duration("10天")), "2026-08-01 00:00", "2026-08-11 00:00", "2026-07"),
        (
            Every.MONTH,
            Due(after=parse_duration("10天"), at=time(12)),
            "2026-08-01 00:00",
            "2026-08-10 12:00",
            "2026-07",
        ),
        (Every.QUARTER, Due(month=2, day=15), "2026-07-01 00:00", "2026-08-16 00:00", "2026-Q3"),
        (Every.HALF_YEAR, Due(), "2026-07-01 00:00", "2027-01-01 00:00", "2026-H2"),
        (Every.YEAR, Due(day=10), "2026-01-01 00:00", "2026-12-11 00:00", "2026"),
    ],
)
def test_it_opens_and_falls_due(every: Every, due: Due, opens: str, due_at: str, period: str) -> None:
    found = occurrence_at(Schedule(every, due), local(opens), CALENDAR)
    assert found is not None
    assert (found.period, found.opens_at, found.due_at) == (period, local(opens), local(due_at))


def test_it_is_opened_at_that_instant_only() -> None:
    monthly = Schedule(Every.MONTH, Due())
    assert occurrence_at(monthly, local("2026-06-30 23:59"), CALENDAR) is None
    assert occurrence_at(monthly, local("2026-07-01 00:01"), CALENDAR) is None
    assert [one.period for one in between(monthly, "2026-06-30 23:59", "2026-08-01 00:00")] == ["2026-07", "2026-08"]


dues = st.sampled_from((Due(), Due(day=3), Due(day=31), Due(after=parse_duration("5个工作日"))))
instants = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(st.sampled_from(tuple(Every)), dues, st.lists(instants, min_size=2, max_size=6).map(sorted))
def test_looking_often_finds_what_looking_once_finds(every: Every, due: Due, looks: list[datetime]) -> None:
    schedule = Schedule(every, Due() if every is Every.WEEK and due.day else due)
    once = list(occurrences(schedule, looks[0], looks[-1], CALENDAR))
    pairs = pairwise(looks)
    often = [one for first, last in pairs for one in occurrences(schedule, first, last, CALENDAR)]
    assert often == once
    assert len({one.period for one in once}) == len(once)
    assert all(one.opens_at < one.due_at for one in once)
