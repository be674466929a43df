"""Calendars as people write and bring them: lines, JSON, iCalendar files, and what is refused with its line."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.calendar import DayKind, Period, SpecialDay
from kesu.policy.calendar.files import MOST_BYTES, read_file
from kesu.policy.calendar.lines import LineUnreadable, read_closures, read_days, read_week, write_days
from kesu.policy.calendar.shifts import read_shifts, write_shifts

LINES = "2027-02-06 至 2027-02-12 休 春节\n2027-02-14 班\n2027-02-20 班 09:00-12:00 13:00-15:00"


def test_lines_are_read_and_written_back() -> None:
    days = read_days(LINES, 2027)
    assert [day.date.day for day in days] == [6, 7, 8, 9, 10, 11, 12, 14, 20]
    assert [day.kind for day in days[-2:]] == [DayKind.MAKEUP, DayKind.MAKEUP]
    assert days[-1].periods == (Period.parse("09:00-12:00"), Period.parse("13:00-15:00"))
    assert write_days(days) == LINES
    assert read_days("2027-02-06 to 2027-02-12 off 春节\n2027-02-14 work", 2027) == days[:-1]
    assert write_days(read_closures("2027-08-08 司庆")) == "2027-08-08 司庆"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("daily 07:00-23:00", "每天 07:00-23:00"),
        ("週一到週三 09:00-18:00\n\n星期六、周日 09:00-12:00", "周一至周三 09:00-18:00\n周六至周日 09:00-12:00"),
        ("mon to fri 08:00-12:00 13:30-18:00", "周一至周五 08:00-12:00 13:30-18:00"),
        ("周日 22:00-06:00", "周一 00:00-06:00\n周日 22:00-24:00"),
        ("", ""),
    ],
)
def test_the_week_of_a_post_is_written_in_runs_of_weekdays(text: str, written: str) -> None:
    assert write_shifts(read_shifts(text)) == written
    assert read_shifts(written) == read_shifts(text)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("每天 07:00-23:00\n周六 09:00-12:00", 2, "twice"),
        ("周五至周一 09:00-18:00", 1, "weekday"),
        ("\n某天 09:00-18:00", 2, "weekday"),
        ("09:00-18:00", 1, "weekday"),
        ("周一", 1, "hours"),
        ("周一 9点", 1, "hours"),
        ("周一 22:00-06:00\n周二 05:00-12:00", 2, "overlap"),
    ],
)
def test_a_week_of_a_post_that_cannot_be_read_says_which_line_and_why(text: str, line: int, why: str) -> None:
    with pytest.raises(LineUnreadable) as refused:
        read_shifts(text)
    assert (refused.value.line, refused.value.why) == (line, why)


def test_a_week_has_several_periods_a_day_and_shifts_over_midnight() -> None:
    week = read_week(["08:00-12:00 13:30-20:00", *[""] * 5, "22:00-06:00"])
    assert [str(one) for one in week[0]] == ["00:00-06:00", "08:00-12:00", "13:30-20:00"]
    assert [str(one) for one in week[6]] == ["22:00-24:00"]


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("2027-02-06 休 春节\n2027-2-7 休 春节", 2, "date"),
        ("2027-02-06 假 春节", 1, "word"),
        ("2027-02-06 休", 1, "label"),
        ("2027-02-06 休 春\u202e节", 1, "label"),
        ("2027-02-06 班 9点", 1, "hours"),
        ("2027-02-06 班 22:00-06:00", 1, "hours"),
        ("2027-02-06 班 09:00-12:00 11:00-13:00", 1, "overlap"),
        ("\n2026-12-31 休 元旦", 2, "other_year"),
        ("2027-02-06 班\n2027-02-06 休 春节", 2, "twice"),
        ("2027-02-12 至 2027-02-06 休 春节", 1, "range"),
        ("2027-01-01 至 2027-12-31 休 全年", 1, "range"),
        ("\n" * 401, 0, "too_many"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_reason(text: str, line: int, why: str) -> None:
    with pytest.raises(LineUnreadable) as refused:
        read_days(text, 2027)
    assert (refused.value.line, refused.value.why) == (line, why)


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def ics(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]).encode()


def test_the_usual_calendar_files_say_when_nobody_works_and_when_somebody_does() -> None:
    found = read_file(
        ics(
            event("DTSTART;VALUE=DATE:20270206", "DTEND;VALUE=DATE:20270208", "SUMMARY:春节（休）"),
            event("DTSTART;VALUE=DATE:20270208", "SUMMARY:春节 假期 第3天/共", " 7天"),
            event("DTSTART;VALUE=DATE:20270214", "SUMMARY:春节 补班 第1天/共1天"),
            event("DTSTART;VALUE=DATE:20271001", "SUMMARY:国庆节", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"),
            event("DTSTART;VALUE=DATE:20270819", "SUMMARY:七夕节"),
        )
    )
    assert found.left_out == 1
    assert [(day.date, day.kind.value, day.label) for day in found.years[2027]] == [
        (date(2027, 2, 6), "holiday", "春节"),
        (date(2027, 2, 7), "holiday", "春节"),
        (date(2027, 2, 8), "holiday", "春节"),
        (date(2027, 2, 14), "makeup", ""),
        (date(2027, 10, 1), "holiday", "国庆节"),
    ]


def test_a_plan_in_json_is_read_by_itself_or_in_a_calendar() -> None:
    plan = b'{"2027": {"source": "official", "days": {"2027-01-01": {"kind": "holiday", "label": "\xe5\x85\x83"}}}}'
    assert read_file(plan).years == read_file(b'{"years": ' + plan + b"}").years
    assert read_file(plan).years == {2027: (SpecialDay(date(2027, 1, 1), DayKind.HOLIDAY, "元"),)}


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b"\xff\xfe", 1, "not_text"),
        (b"a\nb\n\xc3(", 3, "not_text"),
        (b" " * (MOST_BYTES + 1), 0, "too_large"),
        (b"hello", 1, "ics"),
        (b"", 1, "ics"),
        (b'{\n"2027": {"source": "x"}}', 2, "json"),
        (b'{\n"2027": ', 2, "json"),
        (b"[" * 200_000, 1, "json"),
        (b'{"2027": ' + b"1" * 5_000 + b"}", 1, "json"),
        (b"BEGIN:VCALENDAR\nnonsense", 2, "ics"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", 3, "ics_nested"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VEVENT", 3, "ics_nested"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT", 2, "ics_nested"),
        (ics(event("DTSTART;VALUE=DATE:20270206", "RRULE:FREQ=DAILY", "SUMMARY:春节（休）")), 5, "ics_repeats"),
        (ics(event("DTSTART:20270206T080000Z", "SUMMARY:春节（休）")), 4, "ics_times"),
        (ics(event("DTSTART;VALUE=DATE:20270231", "SUMMARY:春节（休）")), 4, "date"),
        (ics(event("DTSTART;VALUE=DATE:00010101", "SUMMARY:春节（休）")), 3, "year"),
        (ics(event("DTSTART;VALUE=DATE:20270101", "DTEND;VALUE=DATE:20290101", "SUMMARY:休")), 3, "range"),
        (ics(event("DTSTART;VALUE=DATE:20270819", "SUMMARY:七夕节")), 0, "nothing"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_with_line_and_reason(
    content: bytes, line: int, why: str
) -> None:
    with pytest.raises(LineUnreadable) as refused:
        read_file(content)
    assert (refused.value.line, refused.value.why) == (line, why)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_does_anything_but_be_read_or_refused(content: bytes) -> None:
    for one in (content, b"BEGIN:VCALENDAR\n" + content):
        with suppress(LineUnreadable):
            assert read_file(one).years
