"""Ages, clock changes, and what has no meaning."""

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from kesu.policy.calendar import HolidayRule, Interval, age_full_at, deadline, parse_duration, sample_calendar
from kesu.policy.calendar.official import build

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLE = sample_calendar()


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_it_finds_an_age_of_workdays_at_the_same_clock_time() -> None:
    assert age_full_at(SAMPLE, china("2026-07-02 16:00"), parse_duration("3个工作日")) == china("2026-07-07 16:00")
    assert age_full_at(SAMPLE, china("2026-07-02 17:30"), parse_duration("1工作小时")) == china("2026-07-03 09:30")
    assert age_full_at(SAMPLE, china("2026-07-02 17:30"), parse_duration("36小时")) == china("2026-07-04 05:30")


def test_it_keeps_natural_hours_real_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    calendar = build("柏林", [2026], zone="Europe/Berlin")
    start = datetime(2026, 3, 28, 12, tzinfo=berlin)
    assert deadline(calendar, start, parse_duration("24小时")).due_at == datetime(2026, 3, 29, 13, tzinfo=berlin)
    assert age_full_at(calendar, start, parse_duration("1天")) == datetime(2026, 3, 29, 12, tzinfo=berlin)
    assert deadline(calendar, start, parse_duration("1天")).due_at == datetime(2026, 3, 30, tzinfo=berlin)


def test_it_refuses_what_has_no_meaning() -> None:
    naive = datetime.fromisoformat("2026-07-06 10:00")
    with pytest.raises(ValueError, match="no time zone"):
        deadline(SAMPLE, naive, parse_duration("1天"))
    with pytest.raises(ValueError, match="no time zone"):
        age_full_at(SAMPLE, naive, parse_duration("1天"))
    with pytest.raises(ValueError, match="aware"):
        Interval(naive, naive)
    with pytest.raises(ValueError, match="ends before"):
        Interval(china("2026-07-07 09:00"), china("2026-07-06 09:00"))
    with pytest.raises(ValueError, match="below 1"):
        Interval(china("2026-07-06 09:00"), china("2026-07-07 09:00"), "快", Fraction(1, 2))
    with pytest.raises(ValueError, match="multiplied"):
        deadline(SAMPLE, china("2026-07-06 10:00"), parse_duration("3天"), factor=0)
    with pytest.raises(ValueError, match="sometimes"):
        HolidayRule("sometimes", "end_of_work")
    with pytest.raises(ValueError, match="holiday rule"):
        HolidayRule("end", "end_of_day")
