"""The arithmetic of one obligation: when it is due, when to remind of it, when to tell that it was not done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

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
)
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import Value
from kesu.policy.model.rules import Duty, Limit, Reminder

_LEAST_REMINDER: Final = timedelta(minutes=1)
"""A share of a length that leaves less than this before or after it is no help to anybody."""

_WORKING: Final = frozenset({Measure.WORKING, Measure.WORKDAYS})
_MONTHS: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
_NATURAL: Final = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
    Unit.HALF_MONTH: timedelta(days=15),
}


@dataclass(frozen=True, slots=True)
class Term:
    """When an obligation is due (None: no date is stated yet) and how that came about."""

    due_at: datetime | None
    receipt: Receipt | None


def term(
    duty: Duty,
    limit: Limit,
    start: datetime,
    calendar: Calendar,
    facts: Mapping[str, Value],
    uncounted: Sequence[Interval],
    extensions: Sequence[Duration | datetime],
) -> Term:
    """The due instant from the original start, with pauses, extensions and cap."""
    dates = [extension for extension in extensions if isinstance(extension, datetime)]
    if isinstance(limit.length, FactRef):
        stated = end_of(facts.get(limit.length.code), calendar)
        due_at = max([stated, *dates]) if stated is not None else None
        if due_at is not None:
            due_at += sum((pause.end - pause.start for pause in uncounted), timedelta())
            due_at = _capped(due_at, duty.cap, start, calendar)
        return Term(due_at, None)
    longer = [e for e in extensions if isinstance(e, Duration) and e.can_extend(limit.length)]
    holiday = HolidayRule(limit.holiday.when, limit.holiday.to) if limit.holiday else None
    found = deadline(
        calendar, start, limit.length, holiday=holiday, uncounted=uncounted, extension=longer, cap=duty.cap
    )
    due_at = _capped(max([found.due_at, *dates]), duty.cap, start, calendar)
    return Term(due_at, moved_receipt(found.receipt, due_at))


def _capped(due_at: datetime, cap: Duration | None, start: datetime, calendar: Calendar) -> datetime:
    return due_at if cap is None else min(due_at, deadline(calendar, start, cap).due_at)


def moved_receipt(receipt: Receipt, due_at: datetime) -> Receipt:
    """The receipt with a last move to another due instant; the same one when it already says so."""
    if receipt.due_at == due_at:
        return receipt
    moved = ReceiptLine(LineCode.MOVED, from_at=receipt.due_at, to_at=due_at)
    due = ReceiptLine(LineCode.DUE, to_at=due_at)
    lines = tuple(line for line in receipt.lines if line.code is not LineCode.DUE)
    return replace(receipt, due_at=due_at, lines=(*lines, moved, due))


def end_of(value: Value | None, calendar: Calendar) -> datetime | None:
    """The last instant that a stated date allows: of a date its 24:00. None for a value that is no date."""
    if isinstance(value, datetime):
        return value
    return calendar.end_of_day(value) if isinstance(value, date) else None


@lru_cache(maxsize=1024)
def reminder_at(
    reminder: Reminder, start: datetime, due_at: datetime, limit: Limit, calendar: Calendar
) -> datetime | None:
    """When to remind; None when that moment would not lie usefully between the start and the due instant."""
    if reminder.percent is not None:
        at = _share(reminder.percent, start, due_at, limit, calendar)
        useful = at - start >= _LEAST_REMINDER and due_at - at >= _LEAST_REMINDER
        return at if useful else None
    if reminder.before is None:
        return None
    at = _before(due_at, reminder.before, calendar)
    return at if start < at < due_at else None


def _share(percent: int, start: datetime, due_at: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The instant at which a share of the length is used up: of working time where the length is one."""
    if isinstance(limit.length, Duration) and limit.length.measure in _WORKING:
        worked = calendar.working_time_between(start, due_at)
        return _after_working(calendar, start, due_at, worked * percent / 100)
    return start + timedelta(seconds=int((due_at - start).total_seconds()) * percent // 100)


def _after_working(calendar: Calendar, start: datetime, end: datetime, length: timedelta) -> datetime:
    """The instant at which `length` of working time has passed since `start`, not after `end`."""
    on = calendar.local(start).date()
    while calendar.instant(on, datetime.min.time()) < end:
        for opens, closes in calendar.spans(on):
            begins, ends = max(opens, start), min(closes, end)
            if ends > begins:
                if ends - begins >= length:
                    return begins + length
                length -= ends - begins
        on += timedelta(days=1)
    return end


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
