"""Where a length ends while its clock runs evenly: the end that `counting` comes to, without the lines of its receipt.
Ends are asked for at every turn, receipts are read by few."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Final

from kesu.policy.calendar.duration import Duration, Measure, Unit
from kesu.policy.calendar.pace import MICROSECOND
from kesu.policy.calendar.workcalendar import ONE_DAY, Calendar

Reads = tuple[date, date] | None
"""The first and the last date on whose working hours an end rests; None: on none."""

_WORKDAYS: Final = Measure.WORKDAYS  # looked up once
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.HALF_MONTH: 15}
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def even_end(calendar: Calendar, start: datetime, length: Duration) -> tuple[datetime, Reads]:
    """The end of a length that began at a UTC `start`, and what it rests on."""
    measure = length.measure
    if measure is _WORKDAYS:  # as most of them
        today = calendar.local(start).date()
        last = calendar.nth_workday_after(today, length.amount)
        return calendar.work_end(last), (today + ONE_DAY, last)
    match measure:
        case Measure.NATURAL:
            return start + (_MINUTE if length.unit is Unit.MINUTE else _HOUR) * length.amount, None
        case Measure.DAYS | Measure.MONTHS:
            return calendar.end_of_day(last_day(calendar.local(start).date(), length)), None
        case Measure.WORKING:
            end = calendar.working_end(start, working_time(calendar, length))
            last = calendar.local(end - MICROSECOND if length.amount else end).date()  # a 24:00 belongs to its day
            return end, (calendar.local(start).date(), last)
    return _fixed_end(calendar, start, length.unit)


def _fixed_end(calendar: Calendar, start: datetime, unit: Unit) -> tuple[datetime, Reads]:
    today = calendar.local(start).date()
    if unit is Unit.SAME_DAY:
        return calendar.end_of_day(today), None
    if unit is Unit.NEXT_START:
        end = calendar.next_opening(start)
        return end, (today, calendar.local(end).date())
    is_over = calendar.day(today).is_workday and start >= calendar.work_end(today)
    first = today + ONE_DAY if is_over else today
    last = calendar.first_workday_from(first)
    return calendar.work_end(last), (first, last)


def even_age(calendar: Calendar, start: datetime, length: Duration) -> datetime:
    """When something that began at a UTC `start` is so old: on the last day at the same clock time."""
    match length.measure:
        case Measure.DAYS | Measure.MONTHS:
            local = calendar.local(start)
            return calendar.instant(last_day(local.date(), length), local.time())
        case Measure.WORKDAYS:
            local = calendar.local(start)
            return calendar.instant(calendar.nth_workday_after(local.date(), length.amount), local.time())
    return even_end(calendar, start, length)[0]


def working_time(calendar: Calendar, length: Duration) -> timedelta:
    """A length that is counted in working time."""
    return (_HOUR if length.unit is Unit.WORK_HOUR else calendar.regular_working_time() / 2) * length.amount


def last_day(on: date, length: Duration) -> date:
    """The last day of a length in days or months that began on a date."""
    if length.measure is Measure.DAYS:
        return on + timedelta(days=_DAYS[length.unit] * length.amount)
    return add_months(on, _MONTHS[length.unit] * length.amount)


def add_months(on: date, months: int) -> date:
    """The same date `months` later, or the last day of that month where it has none."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
