"""Pauses, factors, extensions, holiday rules, caps, and what the receipt says of each."""

import json
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from kesu.policy.calendar import (
    Deadline,
    HolidayRule,
    Interval,
    LineCode,
    Receipt,
    deadline,
    parse_duration,
    sample_calendar,
)
from kesu.policy.calendar.official import build

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLE = sample_calendar()
LUNCH = build("午休", range(2026, 2028), periods=("09:00-12:00", "13:00-18:00"))


def china(text: str) -> datetime:
    """A local time; `24:00` is midnight at the end of that date."""
    day, clock = text.split()
    if clock == "24:00":
        return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI) + timedelta(days=1)
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(start: str, length: str, **rules: object) -> Deadline:
    return deadline(SAMPLE, china(start), parse_duration(length), **rules)  # type: ignore[arg-type]


def pause(start: str, end: str, label: str = "等业主选砖") -> Interval:
    return Interval(china(start), china(end), label)


def rows(found: Deadline) -> list[tuple[str, str, str, int | None, str]]:
    """The receipt as short rows: code, from, to, count, label; days as dates, the rest as local clock times."""

    def shown(on: date | None, at: datetime | None) -> str:
        return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}" if at else f"{on:%m-%d}" if on else ""

    return [
        (line.code.value, shown(line.from_on, line.from_at), shown(line.to_on, line.to_at), line.count, line.label)
        for line in found.receipt.lines
    ]


def test_it_lists_every_day_of_a_workday_deadline_with_its_reason() -> None:
    found = due("2026-09-30 10:40", "4个工作日")
    assert rows(found) == [
        ("start", "09-30 10:40", "", None, ""),
        ("skipped", "10-01", "10-07", 7, "国庆节"),
        ("counted", "10-08", "10-09", 2, "工作日"),
        ("counted", "10-10", "10-10", 3, "调休上班"),
        ("skipped", "10-11", "10-11", 1, "周日"),
        ("counted", "10-12", "10-12", 4, "工作日"),
        ("due", "", "10-12 18:00", None, ""),
    ]


def test_it_leaves_out_a_workday_when_the_pause_holds_at_its_end_of_work() -> None:
    wait = pause("2026-07-07 17:59", "2026-07-09 09:00")
    assert rows(due("2026-07-06 10:00", "3个工作日", uncounted=[wait]))[1:-1] == [
        ("paused", "07-07", "07-08", 2, "等业主选砖"),
        ("counted", "07-09", "07-10", 2, "工作日"),
        ("skipped", "07-11", "07-12", 2, "周末"),
        ("counted", "07-13", "07-13", 3, "工作日"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "last"),
    [
        ("2026-07-07 09:00", "2026-07-07 17:59", "2026-07-08 18:00"),
        ("2026-07-07 09:00", "2026-07-07 18:00", "2026-07-09 18:00"),
        ("2026-07-07 18:00", "2026-07-08 09:00", "2026-07-08 18:00"),
    ],
)
def test_it_asks_what_held_just_before_the_end_of_work(start: str, end: str, last: str) -> None:
    assert due("2026-07-06 10:00", "2个工作日", uncounted=[pause(start, end)]).due_at == china(last)


def test_it_takes_whole_days_of_a_pause_off_natural_days() -> None:
    wait = pause("2026-07-10 10:00", "2026-07-15 10:00")
    found = due("2026-07-06 10:00", "15天", uncounted=[wait])
    assert found.due_at == china("2026-07-26 24:00")
    assert rows(found)[1:-1] == [
        ("counted", "07-07", "07-09", 3, "自然日"),
        ("paused", "07-10", "07-14", 5, "等业主选砖"),
        ("counted", "07-15", "07-26", 15, "自然日"),
    ]


def test_it_gives_a_further_day_for_minutes_lost_within_natural_days() -> None:
    breaks = [pause("2026-07-07 09:00", "2026-07-07 12:00"), pause("2026-07-09 09:00", "2026-07-09 12:00", "等配件")]
    found = due("2026-07-06 10:00", "3天", uncounted=breaks)
    assert rows(found)[1:-1] == [
        ("paused", "07-07", "07-07", 1, "等业主选砖"),
        ("counted", "07-08", "07-10", 3, "自然日"),
    ]
    storm = Interval(china("2026-07-07 00:00"), china("2026-07-11 00:00"), "台风红色", 2)
    assert rows(due("2026-07-06 10:00", "3天", uncounted=[storm]))[1:-1] == [
        ("factor", "07-07", "07-10", 2, "台风红色"),
        ("counted", "07-11", "07-11", 3, "自然日"),
    ]


def test_it_ends_the_same_day_at_the_next_midnight_without_a_pause() -> None:
    found = due("2026-07-06 10:00", "当天", uncounted=[pause("2026-07-06 20:00", "2026-07-08 09:00")])
    assert found.due_at == china("2026-07-08 24:00")
    assert rows(found)[1:-1] == [
        ("paused", "07-06", "07-07", 2, "等业主选砖"),
        ("counted", "07-08", "07-08", 1, "自然日"),
    ]


def test_it_takes_lost_minutes_off_a_natural_clock() -> None:
    found = due("2026-07-06 10:00", "24小时", uncounted=[pause("2026-07-06 12:00", "2026-07-06 15:30")])
    assert rows(found) == [
        ("start", "07-06 10:00", "", None, ""),
        ("counted", "07-06 10:00", "07-06 12:00", 120, ""),
        ("paused", "07-06 12:00", "07-06 15:30", 210, "等业主选砖"),
        ("counted", "07-06 15:30", "07-07 13:30", 1320, ""),
        ("due", "", "07-07 13:30", None, ""),
    ]


def test_it_does_not_wait_for_a_pause_that_begins_when_the_time_is_up() -> None:
    assert due("2026-07-06 10:00", "2小时", uncounted=[pause("2026-07-06 12:00", "2026-07-08 12:00")]).due_at == china(
        "2026-07-06 12:00"
    )


def test_it_loses_only_working_minutes_of_a_working_clock() -> None:
    wait = pause("2026-07-06 17:00", "2026-07-07 09:30")
    found = due("2026-07-06 16:00", "3工作小时", uncounted=[wait])
    assert rows(found)[1:] == [
        ("worked", "07-06 16:00", "07-06 17:00", 60, ""),
        ("paused", "07-06 17:00", "07-06 18:00", 60, "等业主选砖"),
        ("paused", "07-07 09:00", "07-07 09:30", 30, "等业主选砖"),
        ("worked", "07-07 09:30", "07-07 11:30", 120, ""),
        ("due", "", "07-07 11:30", None, ""),
    ]


def test_it_counts_overlapping_pauses_once() -> None:
    both = [pause("2026-07-06 11:00", "2026-07-06 13:00"), pause("2026-07-06 12:00", "2026-07-06 14:00", "等配件")]
    assert due("2026-07-06 10:00", "2小时", uncounted=both).due_at == china("2026-07-06 15:00")


def test_it_runs_a_slowed_clock_at_its_share() -> None:
    storm = Interval(china("2026-07-06 11:00"), china("2026-07-06 13:00"), "台风红色", 2)
    found = due("2026-07-06 10:00", "3小时", uncounted=[storm])
    assert rows(found)[1:-1] == [
        ("counted", "07-06 10:00", "07-06 11:00", 60, ""),
        ("factor", "07-06 11:00", "07-06 13:00", 60, "台风红色"),
        ("counted", "07-06 13:00", "07-06 14:00", 60, ""),
    ]
    thirds = Interval(china("2026-07-06 00:00"), china("2026-07-31 00:00"), "台风红色", Fraction(3, 2))
    slowed = due("2026-07-06 10:00", "2个工作日", uncounted=[thirds])
    assert slowed.due_at == china("2026-07-09 18:00")
    assert rows(slowed)[1:-1] == [("factor", "07-07", "07-09", 2, "台风红色")]


def test_it_stands_still_when_a_pause_lies_within_slowed_time() -> None:
    storm = Interval(china("2026-07-06 10:00"), china("2026-07-06 16:00"), "台风红色", 2)
    found = due("2026-07-06 10:00", "2小时", uncounted=[storm, pause("2026-07-06 11:00", "2026-07-06 12:00")])
    assert rows(found)[1:-1] == [
        ("factor", "07-06 10:00", "07-06 11:00", 30, "台风红色"),
        ("paused", "07-06 11:00", "07-06 12:00", 60, "等业主选砖"),
        ("factor", "07-06 12:00", "07-06 15:00", 90, "台风红色"),
    ]


def test_it_calls_the_rest_days_of_another_week_by_no_weekend_name() -> None:
    calendar = build("售楼处", [2026], workdays=(1, 4, 5, 6, 7))
    found = deadline(calendar, china("2026-07-06 10:00"), parse_duration("1个工作日"))
    assert rows(found)[1] == ("skipped", "07-07", "07-08", 2, "休息日")
    calendar = build("售楼处", [2026], workdays=(2, 3, 4, 5, 6))
    found = deadline(calendar, china("2026-07-04 10:00"), parse_duration("1个工作日"))
    assert rows(found)[1] == ("skipped", "07-05", "07-06", 2, "休息日")


def test_it_multiplies_the_length_then_extends_it_then_lists_the_days() -> None:
    found = due("2026-07-06 10:00", "3个工作日", factor=Fraction(3, 2), extension=[parse_duration("2个工作日")])
    assert rows(found) == [
        ("start", "07-06 10:00", "", None, ""),
        ("factor", "", "", None, "3/2"),
        ("extended", "", "", None, "2个工作日"),
        ("counted", "07-07", "07-10", 4, "工作日"),
        ("skipped", "07-11", "07-12", 2, "周末"),
        ("counted", "07-13", "07-15", 7, "工作日"),
        ("due", "", "07-15 18:00", None, ""),
    ]


def test_it_reads_half_a_month_of_a_factor_as_fifteen_days() -> None:
    assert due("2026-07-03 10:00", "1个月", factor=Fraction(3, 2)).due_at == china("2026-08-18 24:00")


def test_it_refuses_an_extension_of_another_kind() -> None:
    with pytest.raises(ValueError, match="units differ"):
        due("2026-07-06 10:00", "3个工作日", extension=[parse_duration("2天")])
    with pytest.raises(ValueError, match="cannot be extended"):
        due("2026-07-06 10:00", "当天", extension=[parse_duration("当天")])


@pytest.mark.parametrize(
    ("start", "length", "full"),
    [
        ("2026-01-31 09:00", "1个月", "2026-02-28 24:00"),
        ("2028-01-31 09:00", "1个月", "2028-02-29 24:00"),
        ("2026-11-30 09:00", "1个季度", "2027-02-28 24:00"),
        ("2028-02-29 09:00", "1年", "2029-02-28 24:00"),
        ("2026-07-03 09:00", "半个月", "2026-07-18 24:00"),
        ("2026-07-03 09:00", "2周", "2026-07-17 24:00"),
        ("2026-07-03 23:59", "当天", "2026-07-03 24:00"),
        ("2026-07-03 00:00", "1天", "2026-07-04 24:00"),
        ("2026-07-03 17:59", "当个工作日", "2026-07-03 18:00"),
        ("2026-07-03 18:00", "当个工作日", "2026-07-06 18:00"),
        ("2026-07-04 10:00", "当个工作日", "2026-07-06 18:00"),
        ("2026-07-03 10:00", "下次上班", "2026-07-06 09:00"),
        ("2026-07-03 09:00", "下次上班", "2026-07-06 09:00"),
        ("2026-07-06 08:59", "下次上班", "2026-07-06 09:00"),
        ("2026-07-03 16:00", "半天", "2026-07-06 11:30"),
        ("2026-07-04 10:00", "0工作小时", "2026-07-06 09:00"),
        ("2026-07-04 10:00", "0分钟", "2026-07-04 10:00"),
    ],
)
def test_it_ends_every_unit_where_its_habit_says(start: str, length: str, full: str) -> None:
    assert due(start, length).due_at == china(full)


def test_it_walks_past_lunch_and_joins_whole_days_of_work() -> None:
    found = deadline(LUNCH, china("2026-07-02 11:00"), parse_duration("30工作小时"))
    assert rows(found)[1:] == [
        ("worked", "07-02 11:00", "07-02 12:00", 60, ""),
        ("worked", "07-02 13:00", "07-02 18:00", 300, ""),
        ("worked", "07-03 09:00", "07-03 18:00", 480, ""),
        ("skipped", "07-04", "07-05", 2, "周末"),
        ("worked", "07-06 09:00", "07-07 18:00", 960, ""),
        ("due", "", "07-07 18:00", None, ""),
    ]


def test_it_says_when_working_time_could_only_begin_later() -> None:
    assert rows(due("2026-07-03 20:00", "1工作小时"))[1:] == [
        ("starts_later", "07-03 20:00", "07-06 09:00", None, ""),
        ("skipped", "07-04", "07-05", 2, "周末"),
        ("worked", "07-06 09:00", "07-06 10:00", 60, ""),
        ("due", "", "07-06 10:00", None, ""),
    ]


def test_it_skips_an_opening_at_which_a_pause_holds() -> None:
    found = due("2026-07-03 20:00", "下次上班", uncounted=[pause("2026-07-04 00:00", "2026-07-06 12:00")])
    assert rows(found)[1:] == [
        ("skipped", "07-04", "07-05", 2, "周末"),
        ("paused", "07-06", "07-06", 1, "等业主选砖"),
        ("due", "", "07-07 09:00", None, ""),
    ]


def test_it_shows_the_day_off_that_moved_an_end() -> None:
    found = due("2026-09-30 15:00", "24小时", holiday=HolidayRule("start_or_end", "end_of_work"))
    assert rows(found)[1:] == [
        ("counted", "09-30 15:00", "10-01 15:00", 1440, ""),
        ("skipped", "10-01", "10-07", 7, "国庆节"),
        ("moved", "10-01 15:00", "10-08 18:00", None, "国庆节"),
        ("due", "", "10-08 18:00", None, ""),
    ]


@pytest.mark.parametrize(
    ("start", "length", "if_", "to", "end"),
    [
        ("2026-07-10 15:00", "24小时", "end", "same_time", "2026-07-13 15:00"),
        ("2026-07-10 15:00", "24小时", "end", "start_of_work", "2026-07-13 09:00"),
        ("2026-07-12 10:00", "24小时", "end", "end_of_work", "2026-07-13 10:00"),
        ("2026-07-12 20:00", "24小时", "start_or_end", "end_of_work", "2026-07-13 20:00"),
        ("2026-07-01 10:00", "10天", "end", "same_time", "2026-07-13 24:00"),
        ("2026-07-01 10:00", "10天", "end", "end_of_work", "2026-07-13 18:00"),
        ("2026-07-01 10:00", "8天", "end", "end_of_work", "2026-07-09 24:00"),
    ],
)
def test_it_postpones_but_never_shortens(start: str, length: str, if_: str, to: str, end: str) -> None:
    assert due(start, length, holiday=HolidayRule(if_, to)).due_at == china(end)


def test_it_shows_no_day_twice_when_a_counted_day_off_moves_the_end() -> None:
    found = due("2026-07-01 10:00", "10天", holiday=HolidayRule("end", "end_of_work"))
    assert rows(found)[1:] == [
        ("counted", "07-02", "07-11", 10, "自然日"),
        ("skipped", "07-12", "07-12", 1, "周日"),
        ("moved", "07-12 00:00", "07-13 18:00", None, "周六"),
        ("due", "", "07-13 18:00", None, ""),
    ]


def test_it_takes_midnight_as_the_end_of_the_day_before() -> None:
    found = due("2026-07-03 00:00", "24小时", holiday=HolidayRule("end", "end_of_work"))
    assert found.due_at == china("2026-07-03 24:00")
    assert found.receipt.lines[-1].to_on == date(2026, 7, 3)


@pytest.mark.parametrize(
    ("length", "rules", "end"),
    [
        ("3天", {"ends": "end_of_work"}, "2026-07-05 18:00"),
        ("3天", {"ends": "start_of_work"}, "2026-07-05 09:00"),
        ("3天", {"ends": "same_time"}, "2026-07-05 16:00"),
        ("3个工作日", {"ends": "same_time"}, "2026-07-07 16:00"),
        ("3个工作日", {"ends": "end_of_day"}, "2026-07-07 24:00"),
        ("24小时", {"ends": "end_of_day"}, "2026-07-03 24:00"),
        ("3个工作日", {"at": time(12, 30)}, "2026-07-07 12:30"),
        ("当天", {"at": time(12, 30)}, "2026-07-02 16:00"),
    ],
)
def test_it_ends_at_another_moment_of_the_day_when_the_rule_says_so(
    length: str, rules: dict[str, object], end: str
) -> None:
    assert due("2026-07-02 16:00", length, **rules).due_at == china(end)


def test_it_lets_nothing_pass_the_cap() -> None:
    wait = pause("2026-07-03 00:00", "2026-07-20 00:00")
    found = due("2026-07-02 16:00", "3个工作日", uncounted=[wait], cap=parse_duration("15天"))
    assert found.due_at == china("2026-07-17 24:00")
    assert rows(found)[-2:] == [
        ("cap", "07-22 18:00", "07-18 00:00", None, "15天"),
        ("due", "", "07-18 00:00", None, ""),
    ]
    assert found.receipt.lines[-1].to_on == date(2026, 7, 17)
    assert LineCode.CAP not in {
        line.code for line in due("2026-07-02 16:00", "1天", cap=parse_duration("15天")).receipt.lines
    }


def test_it_is_provisional_only_where_it_read_a_year_without_notice() -> None:
    calendar = build("公司", [2026, 2027])
    late = china("2026-12-28 10:00")
    assert not deadline(calendar, late, parse_duration("3个工作日")).receipt.provisional
    assert deadline(calendar, late, parse_duration("4个工作日")).receipt.provisional
    assert deadline(calendar, late, parse_duration("60工作小时")).receipt.provisional
    assert not deadline(calendar, late, parse_duration("10天")).receipt.provisional
    assert deadline(calendar, late, parse_duration("30天"), cap=parse_duration("9个工作日")).receipt.provisional
    assert deadline(build("公司", [2026]), late, parse_duration("4个工作日")).receipt.provisional
    by_holiday = HolidayRule("end", "end_of_work")
    assert deadline(calendar, late, parse_duration("10天"), holiday=by_holiday).receipt.provisional


def test_it_gives_a_receipt_back_from_storage() -> None:
    found = due(
        "2026-09-30 10:40",
        "3个工作日",
        uncounted=[pause("2026-10-08 10:00", "2026-10-09 10:00")],
        extension=[parse_duration("2个工作日")],
        cap=parse_duration("1周"),
    )
    stored = json.loads(json.dumps(found.receipt.to_document()))
    assert Receipt.from_document(stored) == found.receipt
    assert found.receipt.calendar_version == SAMPLE.version
