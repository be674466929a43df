"""The arithmetic of one obligation: when it is due, when to remind of it, when to tell that it was not done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final, NamedTuple

from kesu.policy.calendar import (
    Calendar,
    Duration,
    HolidayRule,
    Interval,
    LineCode,
    Measure,
    Receipt,
    ReceiptLine,
    Unit,
    add_months,
    deadline,
    even_receipt,
)
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import Value
from kesu.policy.model.limits import Ahead, Limit, Reminder
from kesu.policy.model.pack import Kind
from kesu.policy.standing.facts import end_of
from kesu.policy.standing.moments import TICK

_LEAST_REMINDER: Final = timedelta(minutes=1)
"""A share of a length that leaves less than this before or after it is no help to anybody."""

_DAYS: Final = frozenset({Measure.DAYS, Measure.WORKDAYS, Measure.MONTHS})
_WORKING: Final = frozenset({Measure.WORKING, Measure.WORKDAYS})
_MONTHS: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
_NATURAL: Final = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
    Unit.HALF_MONTH: timedelta(days=15),
}


class Term(NamedTuple):
    """When an obligation is due (None: no date is stated yet) and how that came about."""

    due_at: datetime | None
    receipt: Receipt | None


class Clock(NamedTuple):
    """What the arithmetic needs to know of an obligation: when its clock began, and what stretched it since."""

    start: datetime
    cap: Duration | None
    uncounted: Sequence[Interval]
    extensions: Sequence[Duration | datetime]


def term(limit: Limit, clock: Clock, kind: Kind, calendar: Calendar, facts: Mapping[str, Value]) -> Term:
    """The due instant from the original start, with pauses, extensions and cap."""
    if isinstance(limit.length, FactRef):
        return _stated(limit.length, clock, kind, calendar, facts)
    if isinstance(limit.length, Ahead):
        return _ahead(limit.length, clock, calendar, facts)
    assert isinstance(limit.length, Duration)  # a share was worked out when the policy was read
    if not (clock.uncounted or clock.extensions or clock.cap or limit.holiday or limit.part_of):
        plain = even_receipt(calendar, clock.start.astimezone(UTC), limit.length)
        return Term(plain.due_at, plain)
    dates = [extension for extension in clock.extensions if isinstance(extension, datetime)]
    longer = [length for length in _lengths(clock) if length.can_extend(limit.length)]
    holiday = HolidayRule(limit.holiday.when, limit.holiday.to) if limit.holiday else None
    found = deadline(
        calendar,
        clock.start,
        limit.length,
        holiday=holiday,
        uncounted=clock.uncounted,
        extension=longer,
        cap=clock.cap,
    )
    others = [length for length in _lengths(clock) if length not in longer]
    receipt = _counted_on(found.receipt, others, clock.uncounted, calendar, holiday)
    due_at = _capped(max([receipt.due_at, *dates]), clock, calendar)
    receipt = moved_receipt(receipt, due_at)
    if limit.part_of is not None:
        share = ReceiptLine(LineCode.SHARE, label=kind.duties[limit.part_of.duty].name, count=limit.part_of.percent)
        whole = receipt
        receipt = replace(whole, unfold=lambda: (share, *whole.lines))
    return Term(due_at, receipt)


def _stated(length: FactRef, clock: Clock, kind: Kind, calendar: Calendar, facts: Mapping[str, Value]) -> Term:
    value = facts.get(length.code)
    stated = end_of(value, calendar)
    if stated is None:
        return Term(None, None)
    dates = [extension for extension in clock.extensions if isinstance(extension, datetime)]
    later = max([stated, *dates]) + _stood_still(clock.uncounted)
    on = None if isinstance(value, datetime) or not isinstance(value, date) else value
    line = ReceiptLine(
        LineCode.STATED, to_on=on, to_at=stated if on is None else None, label=kind.facts[length.code].name
    )
    receipt = moved_receipt(_receipt(clock, calendar, None, line, stated), later)
    receipt = _counted_on(receipt, _lengths(clock), (), calendar)
    due_at = _capped(receipt.due_at, clock, calendar)
    return Term(due_at, moved_receipt(receipt, due_at))


def _stood_still(uncounted: Sequence[Interval]) -> timedelta:
    """How long a clock stood still in all, whichever pauses held it. A stated date is not slowed: it has no length."""
    lost, until = timedelta(), None
    for one in uncounted:  # in order
        if one.factor is None:
            begins = one.start if until is None else max(one.start, until)
            lost += max(one.end - begins, timedelta())
            until = one.end if until is None else max(until, one.end)
    return lost


def _lengths(clock: Clock) -> list[Duration]:
    """The extensions by a length; others are dates that somebody stated."""
    return [extension for extension in clock.extensions if isinstance(extension, Duration)]


def _counted_on(
    receipt: Receipt,
    lengths: Sequence[Duration],
    uncounted: Sequence[Interval],
    calendar: Calendar,
    holiday: HolidayRule | None = None,
) -> Receipt:
    """Extensions in units that cannot be added to the length itself are counted from its end, one after the other;
    each end is postponed as that of the length is."""
    for length in lengths:
        end = receipt.due_at
        if length.measure in _DAYS and calendar.local(end).time() == time.min:
            end -= TICK  # 24:00 belongs to the day that it ends, and the count begins with the next one
        more = deadline(calendar, end, length, uncounted=uncounted, holiday=holiday).receipt
        receipt = replace(
            receipt,
            due_at=more.due_at,
            provisional=receipt.provisional or more.provisional,
            unfold=partial(_lines_counted_on, receipt, length, more),
        )
    return receipt


def _lines_counted_on(receipt: Receipt, length: Duration, more: Receipt) -> tuple[ReceiptLine, ...]:
    return (*receipt.lines[:-1], ReceiptLine(LineCode.EXTENDED, label=str(length)), *more.lines[1:])


def _ahead(length: Ahead, clock: Clock, calendar: Calendar, facts: Mapping[str, Value]) -> Term:
    """Never before the start: what is asked for too late is due at once."""
    value = facts.get(length.of.code)
    if isinstance(value, datetime):
        due_at, line = _before(value, length.length, calendar), ReceiptLine(LineCode.AHEAD, from_at=value)
    elif isinstance(value, date):
        due_at, line = _days_before(value, length.length, calendar), ReceiptLine(LineCode.AHEAD, from_on=value)
    else:
        return Term(None, None)
    receipt = _receipt(clock, calendar, length.length, replace(line, label=str(length.length)), due_at)
    if length.length.measure in _WORKING:
        first, last = (calendar.local(at).date() for at in (due_at, end_of(value, calendar) or due_at))
        receipt = replace(receipt, provisional=calendar.is_provisional(first, last))
    due_at = max(due_at, clock.start)
    return Term(due_at, moved_receipt(receipt, due_at))


def _receipt(clock: Clock, calendar: Calendar, length: Duration | None, line: ReceiptLine, due_at: datetime) -> Receipt:
    def lines() -> tuple[ReceiptLine, ...]:
        start = ReceiptLine(LineCode.START, from_on=calendar.local(clock.start).date(), from_at=clock.start)
        return (start, line, ReceiptLine(LineCode.DUE, to_at=due_at))

    return Receipt(clock.start, length, due_at, calendar.version, provisional=False, unfold=lines)


def earliest_term(limits: Sequence[Limit], terms: Sequence[Term], kind: Kind) -> tuple[Limit, Term]:
    """Of several the limit that ends first, with what the others would have been. One without an end yet counts for
    nothing."""
    known = [(found.due_at, place) for place, found in enumerate(terms) if found.due_at is not None]
    place = min(known)[1] if known else 0
    chosen, found = limits[place], terms[place]
    if found.receipt is None:
        return chosen, found
    compared = partial(_compared_lines, found.receipt, chosen, limits, terms, kind)
    # Another one may come first once its year is known.
    provisional = any(other.receipt.provisional for other in terms if other.receipt is not None)
    return chosen, Term(found.due_at, replace(found.receipt, provisional=provisional, unfold=compared))


def _compared_lines(
    receipt: Receipt, chosen: Limit, limits: Sequence[Limit], terms: Sequence[Term], kind: Kind
) -> tuple[ReceiptLine, ...]:
    *lines, due = receipt.lines
    head = ReceiptLine(LineCode.CHOSEN, label=_name(chosen, kind), clauses=chosen.clauses)
    others = (
        ReceiptLine(LineCode.PASSED_OVER, to_at=other.due_at, label=_name(limit, kind), clauses=limit.clauses)
        for limit, other in zip(limits, terms, strict=True)
        if limit is not chosen and other.due_at is not None
    )
    return (head, *lines, *others, due)


def _name(limit: Limit, kind: Kind) -> str:
    """A length as it is written; a stated date by the name of its fact."""
    match limit.length:
        case FactRef(code):
            return kind.facts[code].name
        case Ahead(length):
            return str(length)
        case length:
            return str(length)


def _capped(due_at: datetime, clock: Clock, calendar: Calendar) -> datetime:
    return due_at if clock.cap is None else min(due_at, deadline(calendar, clock.start, clock.cap).due_at)


def moved_receipt(receipt: Receipt, due_at: datetime) -> Receipt:
    """The receipt with a last move to another due instant; the same one when it already says so."""
    if receipt.due_at == due_at:
        return receipt
    return replace(receipt, due_at=due_at, unfold=partial(_moved_lines, receipt, due_at))


def _moved_lines(receipt: Receipt, due_at: datetime) -> tuple[ReceiptLine, ...]:
    moved = ReceiptLine(LineCode.MOVED, from_at=receipt.due_at, to_at=due_at)
    due = ReceiptLine(LineCode.DUE, to_at=due_at)
    return (*(line for line in receipt.lines if line.code is not LineCode.DUE), moved, due)


def reminders(
    rules: Sequence[Reminder], start: datetime, due_at: datetime, length: Duration | None, calendar: Calendar
) -> Iterator[tuple[int, datetime]]:
    """When to remind of what is due after `length` (None: at a stated date), each with its place among the rules. One
    that would not lie usefully between the start and the due instant is left out."""
    is_worked = length is not None and length.measure in _WORKING
    worked = calendar.working_time_between(start, due_at) if is_worked else None
    for nth, rule in enumerate(rules, 1):
        if rule.percent is not None:
            at = _share(rule.percent, start, due_at, worked, calendar)
            if at - start >= _LEAST_REMINDER and due_at - at >= _LEAST_REMINDER:
                yield nth, at
        elif rule.before is not None:
            at = _before(due_at, rule.before, calendar)
            if start < at < due_at:
                yield nth, at


def _share(percent: int, start: datetime, due_at: datetime, worked: timedelta | None, calendar: Calendar) -> datetime:
    """The instant at which a share of the length is used up: of working time where the length is one."""
    if worked is not None:
        return calendar.working_end(start, worked * percent / 100) if worked else due_at
    return start + timedelta(seconds=int((due_at - start).total_seconds()) * percent // 100)


def _before(due_at: datetime, length: Duration, calendar: Calendar) -> datetime:
    """The instant that lies a length before another."""
    natural = _NATURAL.get(length.unit)
    if natural is not None:
        return due_at - natural * length.amount
    if length.unit in {Unit.WORK_HOUR, Unit.HALF_DAY}:
        hour = timedelta(hours=1) if length.unit is Unit.WORK_HOUR else calendar.regular_working_time() / 2
        return _before_working(calendar, due_at, hour * length.amount)
    local = calendar.local(due_at)
    if length.unit in _MONTHS:
        return calendar.instant(add_months(local.date(), -_MONTHS[length.unit] * length.amount), local.time())
    on = local.date()
    for _ in range(length.amount):
        on = _workday_before(calendar, on)
    return calendar.instant(on, local.time())


def _days_before(on: date, length: Duration, calendar: Calendar) -> datetime:
    """The end of the day that lies a length before another; of its work, where workdays are counted."""
    if length.unit is Unit.WORKDAY:
        for _ in range(length.amount):
            on = _workday_before(calendar, on)
        return calendar.spans(on)[-1][1]
    if length.unit in _MONTHS:
        return calendar.end_of_day(add_months(on, -_MONTHS[length.unit] * length.amount))
    if length.measure is Measure.DAYS:
        return calendar.end_of_day(on) - _NATURAL[length.unit] * length.amount
    return _before(calendar.instant(on, datetime.min.time()), length, calendar)


def _workday_before(calendar: Calendar, on: date) -> date:
    on -= timedelta(days=1)
    while not calendar.day(on).is_workday:
        on -= timedelta(days=1)
    return on


def _before_working(calendar: Calendar, end: datetime, length: timedelta) -> datetime:
    on = calendar.local(end).date()
    while True:
        for opens, closes in reversed(calendar.spans(on)):
            worked = min(closes, end) - opens
            if worked > timedelta():
                if worked >= length:
                    return min(closes, end) - length
                length -= worked
        on = _workday_before(calendar, on)


def escalation_at(due_at: datetime, after: Duration, calendar: Calendar) -> datetime:
    """When somebody must be told that a due instant has passed; 0分钟 is the due instant itself."""
    return due_at if after.amount == 0 else deadline(calendar, due_at, after).due_at
