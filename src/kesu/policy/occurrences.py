"""When a standing duty comes round: the periods of a schedule, when each is opened and when it is due. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from kesu.policy.calendar import Calendar, add_months, deadline
from kesu.policy.model.schedule import Due, Every, Schedule, Term

DUE: Final = "due_at"
OPENED_WITH: Final = ("subject", "period", DUE)
"""The facts that the program states when it opens one: text, text, time."""

_MONTHS: Final = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time(0)
_LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One round. `period` is its code, in order as text within one schedule (``2026-W48``, ``2026-11``, ``2026-Q4``,
    ``2026-H2``, ``2026``), `label` what people read; instants are UTC."""

    period: str
    label: str
    opens_at: datetime
    due_at: datetime


def occurrences(
    schedule: Schedule, after: datetime, until: datetime, calendar: Calendar, since: Iterable[date] = ()
) -> Iterator[Occurrence]:
    """Those that are opened after the one instant and not after the other (both aware), the earliest first. `since`:
    where the schedule has a term, the days of the place from which one runs."""
    if schedule.term is None:
        yield from (one for _, one in _rounds(schedule, after, until, calendar))
    else:
        spans = [_span(schedule.term, on, calendar) for on in since]
        found = _in_term(schedule, spans, after, until, calendar)
        later = _after_term(schedule, schedule.term, spans, after, until, calendar)
        yield from sorted((*found, *later), key=lambda one: one.opens_at)


@dataclass(frozen=True, slots=True)
class _Span:
    begins: datetime
    ends: datetime


def _span(term: Term, on: date, calendar: Calendar) -> _Span:
    begins = calendar.instant(on, _MIDNIGHT)
    return _Span(begins, deadline(calendar, begins, term.lasts).due_at)


def _in_term(
    schedule: Schedule, spans: list[_Span], after: datetime, until: datetime, calendar: Calendar
) -> Iterator[Occurrence]:
    """A period of which only a part lies within counts for that part: opened when it begins, due before it ends."""
    # What is cut off at its front is opened later than its period begins.
    for period, one in _rounds(schedule, after - _LONGEST, until, calendar):
        spanned = [span for span in spans if _overlap(span, period)]
        if not spanned:
            continue
        found = one
        if schedule.due.after is None:
            begins, ends = min(span.begins for span in spanned), max(span.ends for span in spanned)
            found = replace(one, opens_at=max(one.opens_at, begins), due_at=min(one.due_at, ends))
        if after < found.opens_at <= until and found.opens_at < found.due_at:
            yield found


def _after_term(
    schedule: Schedule, term: Term, spans: list[_Span], after: datetime, until: datetime, calendar: Calendar
) -> Iterator[Occurrence]:
    """Whole periods after a term is over, while no other runs."""
    if term.then is None:
        return
    due = schedule.due if schedule.due.after is not None else Due()
    for period, one in _rounds(Schedule(term.then, due), after, until, calendar):
        is_over = any(span.ends <= period.begins for span in spans)
        if is_over and not any(_overlap(span, period) for span in spans):
            yield one


def _overlap(span: _Span, period: _Span) -> bool:
    return span.begins < period.ends and period.begins < span.ends


def _rounds(
    schedule: Schedule, after: datetime, until: datetime, calendar: Calendar
) -> Iterator[tuple[_Span, Occurrence]]:
    """With the period of each, as if there were no term."""
    first = _begin(schedule.every, calendar.local(after).date())
    first = _begin(schedule.every, first - _DAY)  # one that opens at its end may belong to the period before
    while True:
        following = _next(schedule.every, first)
        found = _occurrence(schedule, first, following, calendar)
        if found.opens_at > until:
            return
        if found.opens_at > after:
            begins, ends = (calendar.instant(day, _MIDNIGHT) for day in (first, following))
            yield _Span(begins, ends), found
        first = following


def occurrence_at(
    schedule: Schedule, opens_at: datetime, calendar: Calendar, since: Iterable[date] = ()
) -> Occurrence | None:
    """The one that is opened at this very instant."""
    return next(occurrences(schedule, opens_at - timedelta.resolution, opens_at, calendar, since), None)


def period_of(every: Every, day: date, *, before: bool = False) -> tuple[date, date]:
    """The first day of the period in which `day` lies, or of the one before it, and the first day after it."""
    first = _begin(every, day)
    if before:
        first = _begin(every, first - _DAY)
    return first, _next(every, first)


def opening_texts(name: str, found: Occurrence) -> dict[str, str]:
    """What the program writes in the texts of one that it opens; `name`: of the kind."""
    return {"subject": f"{name} {found.label}", "period": found.label}


def _occurrence(schedule: Schedule, first: date, following: date, calendar: Calendar) -> Occurrence:
    due, last = schedule.due, following - _DAY
    code, label = _named(schedule.every, first)
    if due.after is None:
        due_at = _moment(calendar, _day_in(schedule.every, due, first, last), due.at)
        return Occurrence(code, label, calendar.instant(first, _MIDNIGHT), due_at)
    # Days are counted from the last day of the period: the day after it is the first.
    due_at = deadline(calendar, calendar.instant(last, _MIDNIGHT), due.after).due_at
    if due.at is not None:
        due_at = _moment(calendar, calendar.local(due_at - timedelta.resolution).date(), due.at)
    return Occurrence(code, label, calendar.instant(following, _MIDNIGHT), due_at)


def _day_in(every: Every, due: Due, first: date, last: date) -> date:
    if due.weekday is not None:
        return first + timedelta(days=due.weekday - 1)
    if due.day is None and due.month is None:
        return last
    months = _MONTHS.get(every, 1)
    begin = add_months(first, (due.month or months) - 1)
    lasts = monthrange(begin.year, begin.month)[1]
    return begin + timedelta(days=min(due.day or lasts, lasts) - 1)


def _moment(calendar: Calendar, day: date, at: time | None) -> datetime:
    return calendar.end_of_day(day) if at is None else calendar.instant(day, at)


def _begin(every: Every, day: date) -> date:
    """The first day of the period in which `day` lies."""
    if every is Every.WEEK:
        return day - timedelta(days=day.weekday())
    months = _MONTHS[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(every: Every, first: date) -> date:
    return first + _WEEK if every is Every.WEEK else add_months(first, _MONTHS[every])


def _named(every: Every, first: date) -> tuple[str, str]:
    if every is Every.WEEK:
        year, week, _ = first.isocalendar()
        last = first + _WEEK - _DAY
        return f"{year}-W{week:02}", f"{year} 年第 {week} 周（{first:%m-%d} 至 {last:%m-%d}）"
    if every is Every.MONTH:
        return f"{first:%Y-%m}", f"{first.year} 年 {first.month} 月"
    part = (first.month - 1) // _MONTHS[every] + 1
    if every is Every.QUARTER:
        return f"{first.year}-Q{part}", f"{first.year} 年第 {part} 季度"
    if every is Every.HALF_YEAR:
        return f"{first.year}-H{part}", f"{first.year} 年{'上' if part == 1 else '下'}半年"
    return str(first.year), f"{first.year} 年"
