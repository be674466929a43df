"""The calendar `sample` that scenarios and worked examples reckon with. It is made up and no year's official notice."""

from datetime import date

from kesu.policy.calendar.days import MAKEUP_LABEL, DayKind, Period, Source, SpecialDay, Year
from kesu.policy.calendar.workcalendar import Calendar

_HOURS = (Period.parse("09:00-18:00"),)
_HOLIDAY = tuple(SpecialDay(date(2026, 10, day), DayKind.HOLIDAY, "国庆节") for day in range(1, 8))
_MAKEUP = SpecialDay(date(2026, 10, 10), DayKind.MAKEUP, MAKEUP_LABEL)


def sample_calendar() -> Calendar:
    """Monday to Friday 09:00 to 18:00 without a break; holidays 2026-10-01 to 10-07; Saturday 2026-10-10 is worked.

    The years 2025 to 2028 count as official, so that nothing in them is provisional.
    """
    return Calendar(
        name="sample",
        zone="Asia/Shanghai",
        week=(_HOURS,) * 5 + ((),) * 2,
        regular=_HOURS,
        years=tuple(Year(n, Source.OFFICIAL, (*_HOLIDAY, _MAKEUP) if n == 2026 else ()) for n in range(2025, 2029)),
    )
