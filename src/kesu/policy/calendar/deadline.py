"""Deadlines with receipts, and ages: the two readings of one written length."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache, partial
from math import ceil

from kesu.policy.calendar.counting import (
    MICROS_PER_MINUTE,
    Counted,
    count_days,
    count_natural,
    count_to_midnight,
    count_to_opening,
    count_workdays,
    count_working,
    skipped_runs,
)
from kesu.policy.calendar.duration import Duration, Measure, Unit
from kesu.policy.calendar.even import add_months, even_age, even_end
from kesu.policy.calendar.pace import Interval, Pace, micros
from kesu.policy.calendar.receipt import LineCode, Receipt, ReceiptLine
from kesu.policy.calendar.workcalendar import ONE_DAY, Calendar
from kesu.policy.lasting import lasting

_KEPT = 1024
"""Results remembered in a process: the same log is read again and again while a case is worked on."""

_DAYS_PER_MONTH = 30
_SIZES = {
    Unit.MINUTE: MICROS_PER_MINUTE,
    Unit.HOUR: 60 * MICROS_PER_MINUTE,
    Unit.WORK_HOUR: 60 * MICROS_PER_MINUTE,
    Unit.DAY: 1,
    Unit.WEEK: 7,
    Unit.HALF_MONTH: 15,
    Unit.WORKDAY: 1,
    Unit.MONTH: 1,
    Unit.QUARTER: 3,
    Unit.YEAR: 12,
}


class Ends(StrEnum):
    """The moment of the last day at which a deadline ends, where a rule departs from its unit's habit."""

    SAME_TIME = "same_time"
    END_OF_DAY = "end_of_day"
    END_OF_WORK = "end_of_work"
    START_OF_WORK = "start_of_work"


class HolidayWhen(StrEnum):
    """What has to lie on a non-working day for a holiday rule to act."""

    END = "end"
    START_OR_END = "start_or_end"


@lasting
class HolidayRule:
    """逢节假日顺延: the end goes to the first workday on or after it. `to` is any of Ends but `end_of_day`.

    A postponement never shortens: when the moment named by `to` lies before the end, the end stays.
    Raises ValueError for a word that is not legal.
    """

    if_: str
    to: str

    def __post_init__(self) -> None:
        HolidayWhen(self.if_)
        if Ends(self.to) == Ends.END_OF_DAY:
            raise ValueError("a holiday rule goes to same_time, start_of_work or end_of_work")


@lasting
class Deadline:
    """A due instant (UTC) and how it came about. 24:00 of a day is 00:00 of the next."""

    due_at: datetime
    receipt: Receipt


def deadline(
    calendar: Calendar,
    start: datetime,
    duration: Duration,
    *,
    holiday: HolidayRule | None = None,
    uncounted: Sequence[Interval] = (),
    extension: Sequence[Duration] = (),
    factor: Fraction | int = 1,
    cap: Duration | None = None,
    ends: str | None = None,
    at: time | None = None,
) -> Deadline:
    """When something that started at an aware `start` is due at the latest.

    Order of the arithmetic and of the receipt: length × `factor`, `extension`, time left out by `uncounted` (pauses,
    and stretches at 1/factor), `ends` or the local clock time `at`, `holiday`, `cap` (a length from the start that
    nothing passes).
    Raises ValueError for a naive start, an extension of another family, a factor that is not
    above 0, or either on 当天 and its like.
    """
    start = start.astimezone(UTC) if start.tzinfo else _refuse_naive(start)
    if holiday or uncounted or extension or factor != 1 or cap or ends or at is not None:
        return _counted(calendar, start, duration, holiday, tuple(uncounted), tuple(extension), factor, cap, ends, at)
    receipt = even_receipt(calendar, start, duration)
    return Deadline(receipt.due_at, receipt)


def even_receipt(calendar: Calendar, start: datetime, duration: Duration) -> Receipt:
    """The receipt of a length that began at a UTC `start` and that nothing stretches, as nearly every one."""
    due_at, reads = even_end(calendar, start, duration)
    provisional = reads is not None and calendar.is_provisional(*reads)
    return Receipt(start, duration, due_at, calendar.version, provisional, partial(_lines, calendar, start, duration))


def _lines(calendar: Calendar, start: datetime, duration: Duration) -> tuple[ReceiptLine, ...]:
    return _counted(calendar, start, duration, None, (), (), 1, None, None, None).receipt.lines


@lru_cache(maxsize=_KEPT)
def _counted(
    calendar: Calendar,
    start: datetime,
    duration: Duration,
    holiday: HolidayRule | None,
    uncounted: tuple[Interval, ...],
    extension: tuple[Duration, ...],
    factor: Fraction | int,
    cap: Duration | None,
    ends: str | None,
    at: time | None,
) -> Deadline:
    counted = _count(calendar, start, _Length.of(calendar, duration, extension, factor), Pace(uncounted))
    due_at = max(start, _ending(calendar, start, counted, ends, at))
    moved = _postpone(calendar, start, due_at, counted, holiday)
    capped = deadline(calendar, start, cap).receipt if cap and moved.due_at > start else None
    final, last_day = moved.due_at, moved.last_day
    lines = [
        ReceiptLine(LineCode.START, from_on=calendar.local(start).date(), from_at=start),
        *([ReceiptLine(LineCode.FACTOR, label=str(factor))] if factor != 1 else ()),
        *(ReceiptLine(LineCode.EXTENDED, label=str(more)) for more in extension),
        *counted.lines,
        *moved.lines,
    ]
    if capped and capped.due_at < final:
        lines.append(ReceiptLine(LineCode.CAP, from_at=final, to_at=capped.due_at, label=str(cap)))
        final, last_day = capped.due_at, capped.lines[-1].to_on or last_day
    lines.append(ReceiptLine(LineCode.DUE, to_on=last_day, to_at=final))
    provisional = _is_provisional(calendar, counted.reads, moved.reads) or bool(capped and capped.provisional)
    return Deadline(final, Receipt(start, duration, final, calendar.version, provisional, lambda: tuple(lines)))


def age_full_at(
    calendar: Calendar, start: datetime, duration: Duration, uncounted: Sequence[Interval] = ()
) -> datetime:
    """When something is `duration` old: the same clock time on the last day, later by the time that does not count.

    For days, months and years the length is laid off from the start first, then the uncounted minutes are added.
    工作小时 and workdays follow the calendar; 当天 and its like have no age and read as their deadline.
    """
    start = start.astimezone(UTC) if start.tzinfo else _refuse_naive(start)
    if not uncounted:
        return even_age(calendar, start, duration)
    return _age_full_at(calendar, start, duration, tuple(uncounted))


@lru_cache(maxsize=_KEPT)
def _age_full_at(calendar: Calendar, start: datetime, duration: Duration, uncounted: tuple[Interval, ...]) -> datetime:
    length = _Length.of(calendar, duration)
    pace = Pace(uncounted)
    if length.measure not in (Measure.DAYS, Measure.MONTHS, Measure.WORKDAYS):
        return _count(calendar, start, length, pace).due_at
    local = calendar.local(start)
    if length.measure == Measure.WORKDAYS:
        last_day = _count(calendar, start, length, pace).last_day
        return calendar.instant(last_day, local.time())
    full = calendar.instant(length.last_day(local.date()), local.time())
    return count_natural(calendar, start, Fraction(micros(full - start)), pace).due_at


@lasting
class _Length:
    """A length with factor and extensions worked in: microseconds, days or workdays in `need`, months beside it."""

    unit: Unit
    measure: Measure
    need: Fraction
    months: int = 0

    @classmethod
    def of(
        cls, calendar: Calendar, duration: Duration, extension: Sequence[Duration] = (), factor: Fraction | int = 1
    ) -> "_Length":
        if factor <= 0:
            raise ValueError(f"a length cannot be multiplied by {factor}")
        if duration.measure == Measure.FIXED and factor != 1:
            raise ValueError(f"{duration} cannot be multiplied")
        for more in extension:
            if not more.can_extend(duration):
                raise ValueError(f"{duration} cannot be extended by {more}: the units differ in kind")
        total = _size(calendar, duration) * factor + sum(_size(calendar, more) for more in extension)
        if duration.measure == Measure.MONTHS:
            months, rest = divmod(total, 1)
            return cls(duration.unit, Measure.MONTHS, Fraction(ceil(rest * _DAYS_PER_MONTH)), int(months))
        if duration.measure in (Measure.DAYS, Measure.WORKDAYS):
            total = Fraction(ceil(total))
        return cls(duration.unit, duration.measure, total)

    def last_day(self, on: date) -> date:
        """The last day of a length in days or months that started on a date."""
        return add_months(on, self.months) + ONE_DAY * int(self.need)


def _size(calendar: Calendar, duration: Duration) -> Fraction:
    if duration.unit == Unit.HALF_DAY:
        return Fraction(micros(calendar.regular_working_time()), 2) * duration.amount
    return Fraction(_SIZES.get(duration.unit, 1) * duration.amount)


def _count(calendar: Calendar, start: datetime, length: _Length, pace: Pace) -> Counted:
    today = calendar.local(start).date()
    match length.measure:
        case Measure.NATURAL:
            return count_natural(calendar, start, length.need, pace)
        case Measure.WORKING:
            return count_working(calendar, start, length.need, pace)
        case Measure.WORKDAYS:
            return count_workdays(calendar, today + ONE_DAY, int(length.need), pace)
        case Measure.DAYS | Measure.MONTHS:
            days = (length.last_day(today) - today).days
            return count_days(calendar, today + ONE_DAY, days, pace)
    if length.unit == Unit.NEXT_START:
        return count_to_opening(calendar, start, pace)
    if length.unit == Unit.SAME_DAY:
        return count_to_midnight(calendar, today, pace)
    is_over = calendar.day(today).is_workday and start >= calendar.work_end(today)
    return count_workdays(calendar, today + ONE_DAY if is_over else today, 1, pace)


def _ending(calendar: Calendar, start: datetime, counted: Counted, ends: str | None, at: time | None) -> datetime:
    """The end on the last day: by the unit's habit, or as the rule says."""
    if at is not None:
        return calendar.instant(counted.last_day, at)
    if ends is None:
        return counted.due_at
    return _moment(calendar, counted.last_day, Ends(ends), calendar.local(start).time())


def _moment(calendar: Calendar, on: date, ends: Ends, clock: time) -> datetime:
    match ends:
        case Ends.SAME_TIME:
            return calendar.instant(on, clock)
        case Ends.END_OF_DAY:
            return calendar.end_of_day(on)
    hours = calendar.usual_spans(on)
    return hours[-1][1] if ends == Ends.END_OF_WORK else hours[0][0]


def _postpone(
    calendar: Calendar, start: datetime, due_at: datetime, counted: Counted, holiday: HolidayRule | None
) -> Counted:
    """Apply the holiday rule; what comes back has only the lines that the rule adds."""
    end_day = counted.last_day
    if holiday is None:
        return Counted(due_at, end_day, (), None, by_days=False)
    start_day = calendar.local(start).date()
    watched = [end_day] if HolidayWhen(holiday.if_) == HolidayWhen.END else [end_day, start_day]
    off = [calendar.day(on) for on in watched if not calendar.day(on).is_workday]
    target = calendar.first_workday_from(end_day)
    reads = (end_day if HolidayWhen(holiday.if_) == HolidayWhen.END else min(start_day, end_day), target)
    if not off:
        return Counted(due_at, end_day, (), reads, by_days=False)
    if Ends(holiday.to) == Ends.SAME_TIME:
        # A wall-clock shift, so that 24:00 stays 24:00.
        local = calendar.local(due_at)
        moved = calendar.instant(local.date() + (target - end_day), local.time())
    else:
        moved = _moment(calendar, target, Ends(holiday.to), time.min)
    if moved <= due_at:
        return Counted(due_at, end_day, (), reads, by_days=False)
    between = skipped_runs(calendar, end_day + ONE_DAY if counted.by_days else end_day, target - ONE_DAY)
    line = ReceiptLine(LineCode.MOVED, end_day, due_at, target, moved, label=off[0].label)
    return Counted(moved, target, (*between, line), reads, by_days=False)


def _is_provisional(calendar: Calendar, *read: tuple[date, date] | None) -> bool:
    return any(calendar.is_provisional(*dates) for dates in read if dates)


def _refuse_naive(start: datetime) -> datetime:
    raise ValueError(f"{start!r} has no time zone")
