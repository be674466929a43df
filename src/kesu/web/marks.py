"""What the marks of the pages say: the clock pill, the level mark, the masked phone.

Every mark is a frozen dataclass made by a pure function; `templatetags/kesu_marks.py` only prints it.
Nothing here decides whether something is overdue for the record: the instants come from a query, and
"overdue" is `now > due_at` and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol

from django.utils.translation import gettext as _

from kesu.web import when

_DAY: Final = timedelta(days=1)
_QUARTER: Final = 4
_TONES: Final = 4

MINUS: Final = "−"


class WorkingDay(Protocol):
    """One day of a working calendar."""

    @property
    def is_workday(self) -> bool: ...


class WorkingCalendar(Protocol):
    """The two questions that the words of a clock ask of a working calendar."""

    def day(self, on: date, /) -> WorkingDay: ...

    def working_time_between(self, start: datetime, end: datetime, /) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A clause as a page points at it: the policy version's hash, the catalogue's id, the printed number."""

    policy: str
    id: str
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a filter may take, and its word."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock pill: the state is also its CSS class, `due_text` is read to screen readers."""

    state: str
    icon: str
    words: str
    due_text: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """The instants of one obligation, aware, as a query hands them over.

    `warn_at` is the instant from which it counts as near; without it the pill falls back to the last
    quarter of the time from `starts_at`, or less than one workday.
    """

    due_at: datetime | None
    met_at: datetime | None = None
    starts_at: datetime | None = None
    paused_since: datetime | None = None
    waiting_for: str = ""
    warn_at: datetime | None = None
    provisional: bool = False


def clock(timing: Timing, now: datetime, calendar: WorkingCalendar | None = None) -> Clock:
    """The pill of one obligation at `now`.

    Without a calendar the words count natural days, with it workdays.
    """
    due_at = timing.due_at
    if timing.met_at is not None:
        return _met(timing.met_at, due_at, now)
    if due_at is None:
        return Clock("idle", "circle-minus", _("不计时"))
    due_text = when.due(due_at, now)
    if timing.paused_since is not None:
        words = f"{_('已暂停')} · {timing.waiting_for}" if timing.waiting_for else _("已暂停")
        return Clock("pause", "player-pause", words, due_text)
    if now > due_at:
        return Clock("over", "alert-triangle", _overdue_words(now - due_at), due_text, is_late=True)
    if timing.provisional:
        words = _("%(day)s（暂定）") % {"day": when.due_day(due_at, now)}
        return Clock("prov", "calendar-question", words, due_text)
    if _is_near(timing, due_at, now, calendar):
        words = _("仅剩 %(span)s") % {"span": _remaining(now, due_at, calendar, in_hours=True)}
        return Clock("near", "hourglass-high", words, due_text)
    words = _("剩余 %(span)s") % {"span": _remaining(now, due_at, calendar, in_hours=False)}
    return Clock("left", "clock", words, due_text)


def _met(met_at: datetime, due_at: datetime | None, now: datetime) -> Clock:
    moment = f"{when.month_day(met_at, now)} {when.hour_minute(met_at)}"
    is_late = due_at is not None and met_at > due_at
    due_text = "" if due_at is None else when.due(due_at, now)
    return Clock("met", "circle-check", _("已办 %(moment)s") % {"moment": moment}, due_text, is_late=is_late)


def _overdue_words(late: timedelta) -> str:
    if late < timedelta(minutes=1):
        return _("刚刚超时")
    return _("超时 %(span)s") % {"span": when.span_text(late)}


def _is_near(timing: Timing, due_at: datetime, now: datetime, calendar: WorkingCalendar | None) -> bool:
    if timing.warn_at is not None:
        return now >= timing.warn_at
    if calendar is None:
        return due_at - now < _DAY or _in_last_quarter(timing.starts_at, due_at, now)
    if workdays_left(now, due_at, calendar) == 0:
        return due_at - now < _DAY or not calendar.day(when.last_date(due_at)).is_workday
    left = calendar.working_time_between(now, due_at)
    return left < _workday_length(due_at, calendar)


def _in_last_quarter(starts_at: datetime | None, due_at: datetime, now: datetime) -> bool:
    return starts_at is not None and (due_at - now) * _QUARTER < due_at - starts_at


def _workday_length(due_at: datetime, calendar: WorkingCalendar) -> timedelta:
    """Length of the last workday up to the deadline: "less than one workday" is measured with it."""
    on = when.last_date(due_at)
    while not calendar.day(on).is_workday:
        on -= _DAY
    start = datetime.combine(on, datetime.min.time(), tzinfo=when.SHANGHAI)
    return calendar.working_time_between(start, start + _DAY)


def workdays_left(now: datetime, due_at: datetime, calendar: WorkingCalendar) -> int:
    """Workdays after today up to and including the day of the deadline."""
    on, last = when.local(now).date(), when.last_date(due_at)
    count = 0
    while on < last:
        on += _DAY
        count += calendar.day(on).is_workday
    return count


def _remaining(now: datetime, due_at: datetime, calendar: WorkingCalendar | None, *, in_hours: bool) -> str:
    left = due_at - now
    if in_hours and left < _DAY:
        return _("不到 1 分") if left < timedelta(minutes=1) else when.span_text(left)
    if calendar is not None:
        days = workdays_left(now, due_at, calendar)
        if days:
            return _("%(count)d 个工作日") % {"count": days}
    natural = (when.last_date(due_at) - when.local(now).date()).days
    return _("%(count)d 天") % {"count": natural} if natural else when.span_text(left)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a level mark, in the units of its 13 × 12 drawing."""

    x: float
    y: float
    width: float
    height: float
    is_on: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A level mark: `tone` 1 to 4 picks the depth of the one purple scale, 0 means not graded yet."""

    name: str
    tone: int
    bars: tuple[Bar, ...]


def level(name: str, index: int | None, of: int) -> Level:
    """The mark of level number `index` (1 = lowest) of the `of` levels that the pack defines (2 to 5).

    With up to four levels the bars spread over the scale of four; with five, five bars are drawn,
    so that no two levels look alike without colour.
    """
    drawn = max(_TONES, of)
    if index is None:
        return Level(name or _("未定级"), 0, _bars(drawn, 0))
    if not 1 <= index <= of:
        raise ValueError(f"level {index} is not one of {of}")
    tone = 1 if of == 1 else 1 + int((index - 1) * (_TONES - 1) / (of - 1) + 0.5)
    return Level(name, tone, _bars(drawn, index if of > _TONES else tone))


def _bars(drawn: int, lit: int) -> tuple[Bar, ...]:
    step, width = 14 / drawn, 10 / drawn
    return tuple(
        Bar(round(step * i, 2), round(12 - 12 * (i + 1) / drawn, 2), width, round(12 * (i + 1) / drawn, 2), i < lit)
        for i in range(drawn)
    )


def mask_phone(number: str) -> str:
    """188****2016: the first three and last four figures of a mobile number, the last four of a shorter one."""
    figures = re.sub(r"\D", "", number)
    if len(figures) > 11 and figures.startswith("86"):
        figures = figures[2:]
    if len(figures) >= 11:
        return f"{figures[:3]}****{figures[-4:]}"
    return f"****{figures[-4:]}" if len(figures) > 4 else "****"


def yuan(amount: Decimal) -> str:
    """¥18,968.00; with a real minus before it where it is below zero."""
    return f"{MINUS if amount < 0 else ''}¥{abs(amount):,.2f}"


def initial(name: str) -> str:
    """The one character of an avatar: the first of the name, · when there is none."""
    return name.strip()[:1].upper() or "·"
