"""Days, working time, the stored form and the official data of a calendar."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest

from kesu.policy.calendar import Calendar, CalendarUnreadable, DayKind, NotAWorkday, Source, sample_calendar
from kesu.policy.calendar.official import build, official_years

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
SAMPLE = sample_calendar()


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def with_lunch() -> Calendar:
    return build("两段", [2026], periods=("13:30-18:00", "09:00-12:00"), closures={date(2026, 7, 8): "公司年会"})


@pytest.mark.parametrize(
    ("on", "is_workday", "label"),
    [
        (date(2026, 10, 1), False, "国庆节"),
        (date(2026, 10, 8), True, "周四"),
        (date(2026, 10, 10), True, "调休上班"),
        (date(2026, 10, 11), False, "周日"),
    ],
)
def test_it_names_each_day(on: date, is_workday: bool, label: str) -> None:
    day = SAMPLE.day(on)
    assert (day.date, day.is_workday, day.label, day.provisional) == (on, is_workday, label, False)
    assert [str(period) for period in day.periods] == (["09:00-18:00"] if is_workday else [])


def test_it_closes_on_the_companys_own_days_off() -> None:
    day = with_lunch().day(date(2026, 7, 8))
    assert (day.is_workday, day.label, day.kind) == (False, "公司年会", DayKind.CLOSURE)


def test_it_closes_even_on_a_day_that_the_notice_has_worked() -> None:
    calendar = build("公司", [2026], closures={date(2026, 10, 10): "公司停电"})
    assert calendar.day(date(2026, 10, 10)).label == "公司停电"
    assert not calendar.is_working(china("2026-10-10 10:00"))


def test_it_opens_a_makeup_day_at_its_own_hours_where_it_has_them() -> None:
    days = {"2026-10-10": {"kind": "makeup", "label": "半天调休", "periods": ["09:00-12:00"]}}
    changed = {"years": {"2026": {"source": "official", "days": days}}}
    calendar = Calendar.from_document(SAMPLE.to_document() | changed)
    assert calendar.work_end(date(2026, 10, 10)) == china("2026-10-10 12:00")
    assert Calendar.from_document(calendar.to_document()) == calendar


def test_it_sees_no_boundary_where_two_periods_touch() -> None:
    calendar = build("连班", [2026], periods=("09:00-12:00", "12:00-18:00"))
    assert calendar.next_boundary(china("2026-07-06 09:00")) == china("2026-07-06 18:00")
    assert calendar == build("连班", [2026])


def test_it_tells_working_time_from_the_breaks_between() -> None:
    calendar = with_lunch()
    assert calendar.is_working(china("2026-07-06 09:00"))
    assert not calendar.is_working(china("2026-07-06 12:00"))
    assert not calendar.is_working(china("2026-07-06 18:00"))
    assert not calendar.is_working(china("2026-07-08 10:00"))
    assert calendar.next_work_start(china("2026-07-06 10:00")) == china("2026-07-06 10:00")
    assert calendar.next_work_start(china("2026-07-06 12:00")) == china("2026-07-06 13:30")
    assert calendar.next_opening(china("2026-07-06 10:00")) == china("2026-07-06 13:30")
    assert calendar.next_opening(china("2026-07-06 13:30")) == china("2026-07-07 09:00")
    assert calendar.next_boundary(china("2026-07-06 09:00")) == china("2026-07-06 12:00")
    assert calendar.next_boundary(china("2026-07-07 18:00")) == china("2026-07-09 09:00")


def test_it_measures_the_working_time_between_two_instants() -> None:
    calendar = with_lunch()
    assert calendar.working_time_between(china("2026-07-06 11:00"), china("2026-07-09 09:30")) == timedelta(hours=13.5)
    assert calendar.working_time_between(china("2026-07-09 09:30"), china("2026-07-06 11:00")) == timedelta()
    assert calendar.regular_working_time() == timedelta(hours=7.5)


def test_it_counts_workdays_from_the_day_after() -> None:
    assert SAMPLE.nth_workday_after(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert SAMPLE.nth_workday_after(date(2026, 10, 3), 1) == date(2026, 10, 8)
    with pytest.raises(ValueError, match="0-th"):
        SAMPLE.nth_workday_after(date(2026, 10, 3), 0)


def test_it_knows_the_end_of_work_only_of_workdays() -> None:
    assert SAMPLE.work_end(date(2026, 10, 10)) == china("2026-10-10 18:00")
    assert SAMPLE.work_start(date(2026, 10, 10)) == china("2026-10-10 09:00")
    with pytest.raises(NotAWorkday):
        SAMPLE.work_end(date(2026, 10, 1))


def test_it_keeps_office_hours_on_the_wall_clock_when_clocks_change() -> None:
    calendar = build("柏林", [], zone="Europe/Berlin", periods=("00:00-24:00",), workdays=range(1, 8))
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert calendar.work_end(spring) - calendar.work_start(spring) == timedelta(hours=23)
    assert calendar.work_end(autumn) - calendar.work_start(autumn) == timedelta(hours=25)
    assert calendar.work_end(autumn) == datetime(2026, 10, 26, tzinfo=BERLIN)


def test_it_refuses_instants_without_a_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        SAMPLE.is_working(datetime.fromisoformat("2026-07-06 10:00"))


def test_it_survives_storage_with_the_same_version() -> None:
    for calendar in (SAMPLE, with_lunch()):
        stored = json.loads(json.dumps(calendar.to_document()))
        again = Calendar.from_document(stored)
        assert again == calendar
        assert again.to_document() == calendar.to_document()
        assert len(again.version) == 16


def test_it_changes_its_version_with_any_day_or_hour() -> None:
    versions = {
        with_lunch().version,
        build("两段", [2026], periods=("13:30-18:00", "09:00-12:00")).version,
        build("两段", [2026], periods=("13:30-18:01", "09:00-12:00")).version,
        build("两段", [2025, 2026], periods=("13:30-18:00", "09:00-12:00")).version,
    }
    assert len(versions) == 4


def test_it_writes_one_document_whatever_the_order_of_reading() -> None:
    stored = SAMPLE.to_document()
    assert isinstance(stored["years"], dict)
    shuffled = stored | {"years": dict(reversed(stored["years"].items()))}
    assert Calendar.from_document(shuffled).version == SAMPLE.version


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"zone": "Asia/Nowhere"}, '没有"Asia/Nowhere"这个时区'),
        ({"zone": "../etc/passwd"}, "时区"),
        ({"regular": ["9点到18点"]}, "regular：工作时段"),
        ({"regular": ["18:00-09:00"]}, "先开始后结束"),
        ({"regular": ["09:00-12:00", "11:00-18:00"]}, "重叠"),
        ({"regular": []}, "至少一天上班"),
        ({"week": {"1": []}}, "week：缺 2"),
        ({"week": {str(n): [] for n in range(1, 8)}}, "至少一天上班"),
        ({"festival": {}}, "没有 festival 这一项"),
        ({"years": {"26": {"source": "official"}}}, "四位数字"),
        ({"years": {"2026": {"source": "rumour"}}}, "没有 rumour"),
        ({"years": {"2026": {"source": "official", "days": {"2026-10-32": {"kind": "holiday"}}}}}, "看不懂"),
        ({"years": {"2026": {"source": "official", "days": {"2027-10-01": {"kind": "holiday"}}}}}, "不在 2026 年"),
        ({"years": {"2026": {"source": "official", "days": {"2026-10-01": {"kind": "feast"}}}}}, "没有 feast"),
        ({"years": {"2026": {"source": "official", "days": {"2026-10-01": {"kind": "holiday"}}}}}, "假日名称"),
        ({"closures": ["2026-10-01"]}, "closures"),
    ],
)
def test_it_refuses_a_document_naming_the_part_at_fault(change: dict[str, object], says: str) -> None:
    with pytest.raises(CalendarUnreadable) as refusal:
        Calendar.from_document(SAMPLE.to_document() | change)
    assert says in str(refusal.value)


def test_it_takes_the_official_notice_where_there_is_one() -> None:
    calendar = build("公司", [2026])
    assert calendar.day(date(2026, 2, 17)).label == "春节"
    assert calendar.day(date(2026, 4, 5)).label == "清明节"
    assert calendar.day(date(2026, 2, 14)).label == "调休上班"
    assert calendar.day(date(2026, 2, 14)).is_workday
    assert not calendar.day(date(2026, 2, 14)).provisional


def test_it_marks_a_year_without_notice_provisional_and_keeps_its_statutory_days() -> None:
    beyond = max(official_years()) + 1
    calendar = build("公司", [beyond - 1, beyond])
    new_year = calendar.day(date(beyond, 1, 1))
    assert (new_year.is_workday, new_year.label, new_year.source) == (False, "元旦", Source.STATUTORY)
    assert new_year.provisional
    assert not any(calendar.day(date(beyond, 1, 1) + timedelta(n)).kind == DayKind.MAKEUP for n in range(365))


def test_it_falls_back_to_the_week_outside_its_years_and_beyond_all_law() -> None:
    calendar = build("公司", [2026, 2300])
    for on in (date(2024, 10, 1), date(2300, 10, 1)):
        assert calendar.day(on).is_workday
        assert (calendar.day(on).source, calendar.day(on).provisional) == (Source.WEEKEND, True)


def test_it_finds_both_libraries_and_the_calendar_of_one_mind_from_2019_to_2026() -> None:
    calendar = build("公司", range(2019, 2027))
    china_holidays = holidays.country_holidays("CN", years=range(2019, 2027))
    on = date(2019, 1, 1)
    while on < date(2027, 1, 1):
        answers = {
            calendar.day(on).is_workday,
            chinese_calendar.is_workday(on),
            china_holidays.is_working_day(on),
        }
        assert len(answers) == 1, on
        on += timedelta(days=1)


def test_it_gives_instants_in_utc() -> None:
    assert SAMPLE.next_opening(china("2026-07-06 10:00")).tzinfo is UTC
    assert SAMPLE.next_work_start(china("2026-07-06 10:00")).tzinfo is UTC
