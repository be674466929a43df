"""Counting a length off on a calendar: natural time, working time, whole days. Each way leaves its receipt lines."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from kesu.policy.calendar.days import Day, DayKind
from kesu.policy.calendar.pace import MICROSECOND, Pace, Stretch, micros
from kesu.policy.calendar.receipt import LineCode, ReceiptLine
from kesu.policy.calendar.workcalendar import ONE_DAY, Calendar

MICROS_PER_MINUTE = 60_000_000
COUNTED_WORKDAY = "工作日"
COUNTED_DAY = "自然日"
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Counted:
    """Where a length ends. `last_day` is the day that the end belongs to; `reads` the dates whose data it rests on."""

    due_at: datetime
    last_day: date
    lines: tuple[ReceiptLine, ...]
    reads: tuple[date, date] | None
    by_days: bool


class MinuteTally:
    """Splits an exact sum into whole minutes so that the parts add up to the whole."""

    def __init__(self) -> None:
        self._micros = Fraction(0)

    def add(self, counted: Fraction) -> int:
        """Whole minutes newly completed by this part."""
        before = self._micros // MICROS_PER_MINUTE
        self._micros += counted
        return int(self._micros // MICROS_PER_MINUTE - before)


def day_ending_at(calendar: Calendar, at: datetime) -> date:
    """The local date that an end belongs to: midnight belongs to the day that it closes."""
    return calendar.local(at - MICROSECOND).date()


def skipped_runs(calendar: Calendar, first: date, last: date) -> list[ReceiptLine]:
    """The unworked days from `first` to `last`, merged into runs with one reason."""
    runs = DayRuns()
    on = first
    while on <= last:
        day = calendar.day(on)
        if not day.is_workday:
            runs.skip(day)
        on += ONE_DAY
    return runs.lines


class DayRuns:
    """Merges consecutive days of one kind and one reason into one receipt line."""

    def __init__(self) -> None:
        self.lines: list[ReceiptLine] = []
        self._kind: DayKind | None = None
        self._whole = False

    def skip(self, day: Day) -> None:
        """A day that nobody works. Rest days of one weekend form one run although they are called 周六 and 周日."""
        last = self.lines[-1] if self.lines else None
        resting = day.kind == DayKind.REST == self._kind
        if last and self._follows(last, LineCode.SKIPPED, day.date) and (resting or last.label == day.label):
            count = (last.count or 0) + 1
            label = day.label if not resting else _rest_label(last.from_on, day.date)
            self.lines[-1] = replace(last, to_on=day.date, count=count, label=label)
        else:
            self.lines.append(ReceiptLine(LineCode.SKIPPED, day.date, None, day.date, None, 1, day.label))
        self._kind = day.kind

    def put(self, code: LineCode, on: date, number: int | None, label: str) -> None:
        """A counted or slowed day (`number`: the tally so far) or a paused one (None: the line counts its days)."""
        last = self.lines[-1] if self.lines else None
        if last and self._follows(last, code, on) and last.label == label:
            count = (last.count or 0) + 1 if number is None else number
            self.lines[-1] = replace(last, to_on=on, count=count)
        else:
            self.lines.append(ReceiptLine(code, on, None, on, None, 1 if number is None else number, label))
        self._kind = None

    def work(self, on: date, parts: list[ReceiptLine], *, whole: bool) -> None:
        """The worked parts of a day. Whole days in a row become one line, so that long lengths have short receipts."""
        if not whole:
            self.lines += parts
        else:
            last = self.lines[-1] if self.lines else None
            count = sum(line.count or 0 for line in parts)
            if last and self._whole and self._follows(last, LineCode.WORKED, on):
                self.lines[-1] = replace(last, to_on=on, to_at=parts[-1].to_at, count=(last.count or 0) + count)
            else:
                self.lines.append(replace(parts[0], to_at=parts[-1].to_at, count=count))
        self._kind = None
        self._whole = whole

    @staticmethod
    def _follows(last: ReceiptLine, code: LineCode, on: date) -> bool:
        return last.code == code and last.to_on is not None and last.to_on + ONE_DAY == on


def _rest_label(first: date | None, last: date) -> str:
    days = 0 if first is None else (last - first).days
    weekend = all((last - ONE_DAY * n).weekday() in _WEEKEND for n in range(days + 1))
    return "周末" if weekend else "休息日"


def count_natural(calendar: Calendar, start: datetime, need: Fraction, pace: Pace) -> Counted:
    """Run day and night until `need` microseconds are counted."""
    tally = MinuteTally()
    lines: list[ReceiptLine] = []
    at = start.astimezone(UTC)
    for stretch in pace.run(at, need):
        lines.append(_natural_line(stretch, tally))
        at = stretch.end
    last_day = day_ending_at(calendar, at) if at > start else calendar.local(at).date()
    return Counted(at, last_day, tuple(lines), None, by_days=False)


def _natural_line(stretch: Stretch, tally: MinuteTally) -> ReceiptLine:
    if not stretch.rate:
        lost = (stretch.end - stretch.start) // timedelta(minutes=1)
        return ReceiptLine(LineCode.PAUSED, None, stretch.start, None, stretch.end, lost, stretch.label)
    code = LineCode.COUNTED if stretch.rate == 1 else LineCode.FACTOR
    minutes = tally.add(stretch.counted)
    return ReceiptLine(code, None, stretch.start, None, stretch.end, minutes, stretch.label)


def count_working(calendar: Calendar, start: datetime, need: Fraction, pace: Pace) -> Counted:
    """Run within working periods until `need` microseconds are counted; if none are, end where work next is on."""
    begin = calendar.next_work_start(start)
    tally = MinuteTally()
    runs = DayRuns()
    first = on = calendar.local(start).date()
    due_at, last_day = begin, calendar.local(begin).date()
    while on <= last_day or need > 0:
        day = calendar.day(on)
        parts: list[ReceiptLine] = []
        for opens, closes in calendar.spans(on):
            for stretch in pace.run(max(opens, begin), need, closes):
                parts.append(_worked_line(on, stretch, tally))
                need -= stretch.counted
                due_at, last_day = stretch.end, on
        if day.is_workday:
            runs.work(on, parts, whole=_is_whole(calendar, on, parts))
        else:
            runs.skip(day)
        on += ONE_DAY
    later = (ReceiptLine(LineCode.STARTS_LATER, from_at=start, to_at=begin),) if begin > start else ()
    return Counted(due_at, last_day, (*later, *runs.lines), (first, last_day), by_days=False)


def _is_whole(calendar: Calendar, on: date, parts: list[ReceiptLine]) -> bool:
    """Whether a day was worked from its first opening to its last closing at full speed."""
    spans = calendar.spans(on)
    return [(line.code, line.from_at, line.to_at) for line in parts] == [
        (LineCode.WORKED, opens, closes) for opens, closes in spans
    ]


def _worked_line(on: date, stretch: Stretch, tally: MinuteTally) -> ReceiptLine:
    if not stretch.rate:
        lost = (stretch.end - stretch.start) // timedelta(minutes=1)
        return ReceiptLine(LineCode.PAUSED, on, stretch.start, on, stretch.end, lost, stretch.label)
    code = LineCode.WORKED if stretch.rate == 1 else LineCode.FACTOR
    minutes = tally.add(stretch.counted)
    return ReceiptLine(code, on, stretch.start, on, stretch.end, minutes, stretch.label)


def count_days(calendar: Calendar, first: date, need: int, pace: Pace) -> Counted:
    """Count natural days from `first` on, each to its 24:00.

    The clock loses the minutes of a pause, and the last day is the one within which the length runs out: a day on
    which the sum of what ran does not reach the next whole number is not counted.
    """
    if pace.is_even:
        last = first + ONE_DAY * (need - 1)
        line = ReceiptLine(LineCode.COUNTED, first, None, last, None, need, COUNTED_DAY)
        return Counted(calendar.end_of_day(last), last, (line,), None, by_days=True)
    runs = DayRuns()
    tally = Fraction(0)
    on = first - ONE_DAY
    while tally < need:
        on += ONE_DAY
        begins, ends = calendar.end_of_day(on - ONE_DAY), calendar.end_of_day(on)
        length = Fraction(micros(ends - begins))
        stretches = pace.run(begins, length, ends)
        before = int(tally)
        tally += sum((stretch.counted for stretch in stretches), Fraction(0)) / length
        slowest = min(stretches, key=lambda stretch: stretch.rate)
        is_counted = int(tally) > before
        if is_counted and slowest.rate in (0, 1):
            runs.put(LineCode.COUNTED, on, int(tally), COUNTED_DAY)
        elif slowest.rate:
            runs.put(LineCode.FACTOR, on, int(tally), slowest.label)
        else:
            runs.put(LineCode.PAUSED, on, None, slowest.label)
    return Counted(calendar.end_of_day(on), on, tuple(runs.lines), None, by_days=True)


def count_workdays(calendar: Calendar, first: date, need: int, pace: Pace) -> Counted:
    """Count workdays from `first` on, each to its end of work; what the clock does just then decides about the day.

    A pause that holds there leaves the day out, a factor makes it a part of one.
    """
    runs = DayRuns()
    tally = Fraction(0)
    on = first - ONE_DAY
    while tally < need:
        on += ONE_DAY
        day = calendar.day(on)
        if not day.is_workday:
            runs.skip(day)
            continue
        rate, reason = pace.just_before(calendar.work_end(on))
        tally += rate
        if not rate:
            runs.put(LineCode.PAUSED, on, None, reason)
        elif rate < 1:
            runs.put(LineCode.FACTOR, on, int(tally), reason)
        else:
            runs.put(LineCode.COUNTED, on, int(tally), day.label if day.kind == DayKind.MAKEUP else COUNTED_WORKDAY)
    return Counted(calendar.work_end(on), on, tuple(runs.lines), (first, on), by_days=True)


def count_to_midnight(calendar: Calendar, first: date, pace: Pace) -> Counted:
    """The first 24:00 at which no pause holds, from that of `first` on. A moment cannot be slowed."""
    runs = DayRuns()
    on = first
    rate, reason = pace.just_before(calendar.end_of_day(on))
    while not rate:
        runs.put(LineCode.PAUSED, on, None, reason)
        on += ONE_DAY
        rate, reason = pace.just_before(calendar.end_of_day(on))
    runs.put(LineCode.COUNTED, on, 1, COUNTED_DAY)
    return Counted(calendar.end_of_day(on), on, tuple(runs.lines), None, by_days=True)


def count_to_opening(calendar: Calendar, start: datetime, pace: Pace) -> Counted:
    """The first opening strictly after the start at which no pause holds. An opening cannot be slowed."""
    runs = DayRuns()
    first = on = calendar.local(start).date()
    while True:
        day = calendar.day(on)
        if not day.is_workday:
            runs.skip(day)
        for opens in (opens for opens, _ in calendar.spans(on) if opens > start):
            rate, reason = pace.at(opens)
            if rate:
                return Counted(opens, on, tuple(runs.lines), (first, on), by_days=False)
            if not runs.lines or runs.lines[-1].to_on != on:
                runs.put(LineCode.PAUSED, on, None, reason)
        on += ONE_DAY
