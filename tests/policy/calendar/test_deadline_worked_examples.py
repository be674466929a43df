"""Worked examples on the sample calendar, all in Asia/Shanghai (UTC+8)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kesu.policy.calendar import HolidayRule, Interval, age_full_at, deadline, parse_duration, sample_calendar

CHINA = timezone(timedelta(hours=8))
CALENDAR = sample_calendar()
TO_END_OF_WORK = HolidayRule("start_or_end", "end_of_work")


def china(text: str) -> datetime:
    """A local time; `24:00` is midnight at the end of that date."""
    day, clock = text.split()
    if clock == "24:00":
        return datetime.fromisoformat(day).replace(tzinfo=CHINA) + timedelta(days=1)
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-07-02 16:00", "3个工作日", "2026-07-07 18:00"),
        ("2026-07-02 16:00", "7个工作日", "2026-07-13 18:00"),
        ("2026-07-06 10:20", "1工作小时", "2026-07-06 11:20"),
        ("2026-07-06 17:00", "1工作小时", "2026-07-06 18:00"),
        ("2026-07-06 17:40", "1工作小时", "2026-07-07 09:40"),
        ("2026-07-06 20:30", "1工作小时", "2026-07-07 10:00"),
        ("2026-10-09 21:00", "1工作小时", "2026-10-10 10:00"),
        ("2026-07-05 03:00", "2小时", "2026-07-05 05:00"),
        ("2026-07-05 05:00", "2个工作日", "2026-07-07 18:00"),
        ("2026-07-02 11:00", "1个工作日", "2026-07-03 18:00"),
        ("2026-07-06 09:00", "3个工作日", "2026-07-09 18:00"),
        ("2026-07-06 09:00", "7个工作日", "2026-07-15 18:00"),
        ("2026-07-08 15:00", "1个工作日", "2026-07-09 18:00"),
        ("2026-07-01 09:00", "10天", "2026-07-11 24:00"),
        ("2026-07-06 09:00", "15天", "2026-07-21 24:00"),
        ("2026-07-03 10:00", "1个月", "2026-08-03 24:00"),
    ],
)
def test_it_finds_the_due_instant_of_the_worked_examples(start: str, length: str, due: str) -> None:
    found = deadline(CALENDAR, china(start), parse_duration(length))
    assert found.due_at == china(due)
    assert found.due_at.tzinfo is UTC
    assert not found.receipt.provisional


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-07-07 10:00", "2026-07-08 10:00"),
        ("2026-07-10 15:00", "2026-07-13 18:00"),
        ("2026-07-12 10:00", "2026-07-13 18:00"),
        ("2026-09-30 15:00", "2026-10-08 18:00"),
    ],
)
def test_it_postpones_twenty_four_hours_past_days_off(start: str, due: str) -> None:
    assert deadline(CALENDAR, china(start), parse_duration("24小时"), holiday=TO_END_OF_WORK).due_at == china(due)


@pytest.mark.parametrize(
    ("start", "length", "full"),
    [
        ("2026-07-03 10:00", "1个月", "2026-08-03 10:00"),
        ("2026-08-03 10:00", "1周", "2026-08-10 10:00"),
        ("2026-07-03 10:00", "15天", "2026-07-18 10:00"),
        ("2026-07-03 10:00", "半个月", "2026-07-18 10:00"),
    ],
)
def test_it_finds_an_age_full_at_the_same_clock_time(start: str, length: str, full: str) -> None:
    assert age_full_at(CALENDAR, china(start), parse_duration(length)) == china(full)


@pytest.mark.parametrize(("length", "full"), [("1个月", "2026-08-08 10:00"), ("15天", "2026-07-23 10:00")])
def test_it_adds_five_days_of_the_customers_delay_to_an_age(length: str, full: str) -> None:
    delay = Interval(china("2026-07-10 10:00"), china("2026-07-15 10:00"), "客户原因")
    assert age_full_at(CALENDAR, china("2026-07-03 10:00"), parse_duration(length), [delay]) == china(full)
