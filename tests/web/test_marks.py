"""The words and looks of the marks: clock, level, dates, masked phone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kesu.web import marks, when
from kesu.web.marks import Timing

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 9, 14, 20, tzinfo=SHANGHAI)  # Friday; Saturday 10-10 is a make-up workday


def at(day: str, clock: str, year: int = 2026) -> datetime:
    month, number = (int(part) for part in day.split("-"))
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(year, month, number, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@dataclass(frozen=True)
class _Day:
    is_workday: bool


class _OfficeCalendar:
    """Nine to six, Monday to Friday and Saturday 10-10."""

    def day(self, on: date, /) -> _Day:
        return _Day(on.weekday() < 5 or on == date(2026, 10, 10))

    def working_time_between(self, start: datetime, end: datetime, /) -> timedelta:
        total, on = timedelta(), start.astimezone(SHANGHAI).date()
        while on <= end.astimezone(SHANGHAI).date():
            if self.day(on).is_workday:
                opens = datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI)
                total += max(timedelta(), min(end, opens + timedelta(hours=9)) - max(start, opens))
            on += timedelta(days=1)
        return total


OFFICE = _OfficeCalendar()


def test_it_says_that_nothing_is_timed_when_the_pack_sets_no_limit() -> None:
    clock = marks.clock(Timing(None), NOW)
    assert (clock.state, clock.words) == ("idle", "不计时")


def test_it_counts_the_workdays_left_when_there_is_more_than_one() -> None:
    clock = marks.clock(Timing(at("10-12", "18:00")), NOW, OFFICE)
    assert (clock.state, clock.words) == ("left", "剩余 2 个工作日")


def test_it_counts_a_make_up_saturday_as_a_workday() -> None:
    clock = marks.clock(Timing(at("10-10", "18:00")), NOW, OFFICE)
    assert (clock.state, clock.words) == ("left", "剩余 1 个工作日")


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (("10-09", "16:00"), "仅剩 1 小时 40 分"),
        (("10-09", "18:00"), "仅剩 3 小时 40 分"),
        (("10-09", "15:00"), "仅剩 40 分"),
        (("10-10", "11:00"), "仅剩 20 小时 40 分"),
    ],
)
def test_it_turns_near_when_less_than_one_workday_is_left(due: tuple[str, str], words: str) -> None:
    clock = marks.clock(Timing(at(*due)), NOW, OFFICE)
    assert (clock.state, clock.words) == ("near", words)


def test_it_obeys_the_instant_of_warning_when_the_pack_sets_one() -> None:
    due_at = at("10-12", "18:00")
    assert marks.clock(Timing(due_at, warn_at=NOW), NOW, OFFICE).state == "near"
    assert marks.clock(Timing(at("10-09", "15:00"), warn_at=at("10-09", "14:30")), NOW, OFFICE).state == "left"


def test_it_turns_near_in_the_last_quarter_when_there_is_no_calendar() -> None:
    due_at = NOW + timedelta(days=2)
    assert marks.clock(Timing(due_at, starts_at=NOW - timedelta(days=7)), NOW).state == "near"
    assert marks.clock(Timing(due_at, starts_at=NOW - timedelta(days=5)), NOW).state == "left"


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(seconds=20), "刚刚超时"),
        (timedelta(minutes=5), "超时 5 分"),
        (timedelta(hours=2, minutes=30), "超时 2 小时 30 分"),
        (timedelta(hours=1, minutes=5), "超时 1 小时 05 分"),
        (timedelta(days=3, hours=4), "超时 3 天 4 小时"),
        (timedelta(days=12, hours=4), "超时 12 天"),
    ],
)
def test_it_counts_overdue_time_upwards_in_natural_time(late: timedelta, words: str) -> None:
    clock = marks.clock(Timing(NOW - late), NOW, OFFICE)
    assert (clock.state, clock.words) == ("over", words)


def test_it_is_not_overdue_at_the_very_instant_of_the_deadline() -> None:
    assert marks.clock(Timing(NOW), NOW, OFFICE).state == "near"


def test_it_shows_a_pause_before_anything_else_that_is_still_open() -> None:
    timing = Timing(NOW - timedelta(hours=1), paused_since=NOW - timedelta(days=2), waiting_for="等待业主")
    assert marks.clock(timing, NOW).words == "已暂停 · 等待业主"


def test_it_shows_the_day_instead_of_a_countdown_while_the_holidays_are_not_published() -> None:
    clock = marks.clock(Timing(at("01-08", "18:00", 2027), provisional=True), NOW, OFFICE)
    assert (clock.state, clock.words) == ("prov", "01-08（暂定）")


def test_it_shows_when_a_duty_was_met_and_whether_that_was_late() -> None:
    due_at = at("10-08", "12:00")
    on_time = marks.clock(Timing(due_at, met_at=at("10-08", "10:40")), NOW)
    late = marks.clock(Timing(due_at, met_at=at("10-08", "12:01")), NOW)
    assert (on_time.words, on_time.is_late) == ("已办 10-08 10:40", False)
    assert late.is_late


def test_it_tells_screen_readers_the_date_that_does_not_tick() -> None:
    assert marks.clock(Timing(at("10-10", "18:00")), NOW, OFFICE).due_text == "明天 18:00"


@pytest.mark.parametrize(("of", "tones"), [(2, [1, 4]), (3, [1, 3, 4]), (4, [1, 2, 3, 4]), (5, [1, 2, 3, 3, 4])])
def test_it_spreads_the_levels_of_a_pack_over_one_scale(of: int, tones: list[int]) -> None:
    assert [marks.level("级", index, of).tone for index in range(1, of + 1)] == tones


@pytest.mark.parametrize("of", [2, 3, 4, 5])
def test_it_draws_no_two_levels_alike(of: int) -> None:
    lit = [sum(bar.is_on for bar in marks.level("级", index, of).bars) for index in range(1, of + 1)]
    assert lit == sorted(set(lit))


def test_it_refuses_a_level_that_the_pack_does_not_have() -> None:
    with pytest.raises(ValueError, match="5"):
        marks.level("级", 5, 4)


def test_it_says_so_when_a_case_is_not_graded_yet() -> None:
    mark = marks.level("", None, 4)
    assert (mark.name, mark.tone, any(bar.is_on for bar in mark.bars)) == ("未定级", 0, False)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("18800002016", "188****2016"),
        ("+86 188 0000 2016", "188****2016"),
        ("0571-88002016", "057****2016"),
        ("8800 2016", "****2016"),
        ("123", "****"),
        ("", "****"),
    ],
)
def test_it_masks_a_phone_number_and_never_shows_it_whole(number: str, masked: str) -> None:
    assert marks.mask_phone(number) == masked


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (at("10-09", "10:12"), "今天 10:12"),
        (at("10-08", "17:03"), "昨天 17:03"),
        (at("10-02", "15:20"), "10-02 15:20"),
        (at("12-30", "15:20", 2025), "2025-12-30 15:20"),
    ],
)
def test_it_says_when_something_happened(instant: datetime, text: str) -> None:
    assert when.when(instant, NOW) == text


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (at("10-09", "16:00"), "今天 16:00"),
        (at("10-12", "18:00"), "10-12 周一 18:00"),
        (at("01-08", "18:00", 2027), "2027-01-08 周五 18:00"),
        (at("10-13", "00:00"), "10-12 周一 24:00"),
        (at("10-10", "00:00"), "今天 24:00"),
    ],
)
def test_it_says_when_something_is_due_and_gives_midnight_to_the_day_that_ends(instant: datetime, text: str) -> None:
    assert when.due(instant, NOW) == text


def test_it_reads_the_day_in_shanghai_and_not_in_utc() -> None:
    assert when.stamp(datetime(2026, 10, 9, 23, 30, tzinfo=UTC)) == "2026-10-10 07:30"


def test_it_refuses_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        when.stamp(datetime(2026, 10, 9, 14, 20))  # noqa: DTZ001  (the naive value is what is refused)


@pytest.mark.parametrize(
    ("open_for", "text"),
    [
        (timedelta(minutes=25), "25 分"),
        (timedelta(hours=3, minutes=5), "3 小时"),
        (timedelta(days=10, hours=4), "10 天"),
    ],
)
def test_it_gives_the_age_of_a_case_in_one_unit(open_for: timedelta, text: str) -> None:
    assert when.age(NOW - open_for, NOW) == text
