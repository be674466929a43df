"""Calendars of China from published data: the yearly notice where it is known, else the law, else the weekend."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import chinese_calendar

from kesu.policy.calendar.days import MAKEUP_LABEL, DayKind, Period, Source, SpecialDay, Year
from kesu.policy.calendar.workcalendar import Calendar

OFFICE_HOURS = ("09:00-18:00",)
MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)
# The lunar tables behind the statutory days end here; before 1950 there was no such law.
_STATUTORY_YEARS = range(1950, 2100)
_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
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
    for on, name in sorted(chinese_calendar.holidays.items()):
        if on.year == number:
            yield SpecialDay(on, DayKind.HOLIDAY, _NAMES.get(name, "法定假日"))
    for on in sorted(chinese_calendar.workdays):
        if on.year == number:
            yield SpecialDay(on, DayKind.MAKEUP, MAKEUP_LABEL)


def _statutory_days(number: int) -> Iterable[SpecialDay]:
    import holidays  # some megabytes, for years of which no notice is on board

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


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """How a company works. `periods` such as ``09:00-18:00``; `workdays` are ISO weekdays (Monday is 1)."""

    name: str = "中国大陆工作日历"
    periods: tuple[str, ...] = OFFICE_HOURS
    workdays: tuple[int, ...] = MONDAY_TO_FRIDAY
    with_public_holidays: bool = True

    def calendar(self, year: int) -> Calendar:
        """For the year before to the year after. Raises CalendarUnreadable for periods that do not hold."""
        years = range(year - 1, year + 2) if self.with_public_holidays else ()
        return build(self.name, years, periods=self.periods, workdays=self.workdays)
