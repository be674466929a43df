"""Calendars of China from published data: the yearly notice where it is known, else the law, else the weekend."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]
import holidays

from kesu.policy.calendar.days import MAKEUP_LABEL, DayKind, Period, Source, SpecialDay, Year
from kesu.policy.calendar.workcalendar import Calendar

OFFICE_HOURS = ("09:00-18:00",)
MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)
# The lunar tables behind the statutory days end here; before 1950 there was no such law.
_STATUTORY_YEARS = range(1950, 2100)
_SPOKEN = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
_NAMES = {found.value: _SPOKEN.get(found.chinese, found.chinese) for found in chinese_calendar.Holiday} | {
    chinese_calendar.Holiday.anti_fascist_70th_day.value: "抗战胜利纪念日"
}


def official_years() -> frozenset[int]:
    """The years whose holiday notice, make-up workdays included, is on board."""
    return frozenset(on.year for on in chinese_calendar.holidays)


def year_of(number: int) -> Year:
    """The best knowledge of one year: the official notice, else the statutory holidays, else nothing but weekends.

    Only the first is final; a notice may still touch the last days of the December before its own year.
    """
    if number in official_years():
        return Year(number, Source.OFFICIAL, tuple(_official_days(number)))
    if number in _STATUTORY_YEARS:
        return Year(number, Source.STATUTORY, tuple(_statutory_days(number)))
    return Year(number, Source.WEEKEND)


def _official_days(number: int) -> Iterable[SpecialDay]:
    on = date(number, 1, 1)
    while on.year == number:
        off, name = chinese_calendar.get_holiday_detail(on)
        if name is not None:
            label = _NAMES.get(name, name) if off else MAKEUP_LABEL
            yield SpecialDay(on, DayKind.HOLIDAY if off else DayKind.MAKEUP, label)
        on += timedelta(days=1)


def _statutory_days(number: int) -> Iterable[SpecialDay]:
    for on, name in sorted(holidays.country_holidays("CN", years=number, language="zh_CN").items()):
        if on.year == number:
            yield SpecialDay(on, DayKind.HOLIDAY, name)


def build(
    name: str,
    years: Iterable[int],
    zone: str = "Asia/Shanghai",
    periods: Sequence[str] = OFFICE_HOURS,
    *,
    workdays: Sequence[int] = MONDAY_TO_FRIDAY,
    closures: Mapping[date, str] | None = None,
) -> Calendar:
    """A calendar for the given years. `periods` are those of every workday, `workdays` ISO weekdays (Monday is 1).

    `closures` are the company's own days off with their names. Raises CalendarUnreadable for periods that do not hold.
    """
    hours = tuple(Period.parse(text) for text in periods)
    return Calendar(
        name=name,
        zone=zone,
        week=tuple(hours if number in workdays else () for number in range(1, 8)),
        regular=hours,
        years=tuple(year_of(number) for number in sorted(set(years))),
        closures=tuple(SpecialDay(on, DayKind.CLOSURE, label) for on, label in sorted((closures or {}).items())),
    )
