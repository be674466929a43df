"""Standing duties: every period exactly once, opened before it is due, whatever the schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.calendar import parse_duration, sample_calendar
from kesu.policy.model.schedule import Due, Every, Schedule, Since, Term
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


YEAR = Term(Since.DELIVERED, parse_duration("1年"))
WEEKLY = Schedule(Every.WEEK, Due(), "project", term=YEAR)


def during(schedule: Schedule, first: str, last: str, *since: str) -> list[tuple[str, datetime, datetime]]:
    days = [date.fromisoformat(one) for one in since]
    found = occurrences(schedule, local(first), local(last), CALENDAR, days)
    return [(one.period, one.opens_at, one.due_at) for one in found]


def test_it_runs_from_the_day_of_the_place_until_the_length_is_over() -> None:
    """Example 24: delivered on 2026-03-10, weekly until 2027-03-10."""
    found = during(WEEKLY, "2026-01-01", "2028-01-01", "2026-03-10")
    assert found[0] == ("2026-W11", local("2026-03-10"), local("2026-03-16"))
    assert found[1] == ("2026-W12", local("2026-03-16"), local("2026-03-23"))
    assert found[-1] == ("2027-W10", local("2027-03-08"), local("2027-03-11"))  # the end of 10 March
    assert len(found) == 53
    assert during(WEEKLY, "2026-01-01", "2028-01-01") == []


def test_it_runs_on_while_one_of_several_phases_does() -> None:
    found = during(WEEKLY, "2026-01-01", "2030-01-01", "2026-03-10", "2026-09-16", "2028-05-01")
    periods = [period for period, _, _ in found]
    assert (periods[0], periods.count("2027-W01"), "2027-W37" in periods) == ("2026-W11", 1, True)
    assert "2027-W45" not in periods
    assert ("2028-W18", local("2028-05-01"), local("2028-05-08")) in found


def test_it_comes_round_otherwise_after_the_length_is_over() -> None:
    monthly = replace(WEEKLY, term=replace(YEAR, then=Every.MONTH))
    found = during(monthly, "2027-03-01 01:00", "2027-05-31", "2026-03-10")
    assert [period for period, _, _ in found] == ["2027-W10", "2027-04", "2027-05"]
    again = during(monthly, "2027-04-01 01:00", "2027-06-30", "2026-03-10", "2027-05-20")
    assert again[0][0] == "2027-W20"  # no month of which a part lies within a term


def test_what_is_due_after_its_period_is_opened_for_a_part_of_one_too() -> None:
    reports = Schedule(Every.WEEK, Due(after=parse_duration("3天")), "project", term=YEAR)
    found = during(reports, "2026-03-01", "2028-01-01", "2026-03-10")
    assert (found[0], found[-1][0]) == (("2026-W11", local("2026-03-16"), local("2026-03-19")), "2027-W10")


def test_a_day_before_the_place_was_handed_over_is_none_to_be_due_on() -> None:
    fridays = replace(WEEKLY, due=Due(weekday=5))
    assert during(fridays, "2026-03-01", "2026-03-20", "2026-03-14")[0][0] == "2026-W12"


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
