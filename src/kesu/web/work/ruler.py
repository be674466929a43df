"""时限尺: the next days of work as one line, with a mark where something is due. Pure: instants in, shapes out.

Only working days have room in proportion; a run of days off is one hatched gap. What is due outside working time
stands at the nearest edge of its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from kesu.policy.calendar import Calendar, DayKind
from kesu.web import when

WIDTH: Final = 1330
_WORKDAYS: Final = 4
_OFF: Final = 134
_GAP: Final = 6
_EDGE: Final = 10
_NEAR: Final = 22
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A workday, or a run of days off (`is_off`). `past` is how much of it lies before now."""

    x: int
    width: int
    label: str
    is_off: bool
    opens: str = ""
    closes: str = ""
    past: int = 0

    @property
    def end(self) -> int:
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Mark:
    """`look` is over, near (due today) or left; `count` how many stand at one place."""

    x: int
    look: str
    count: int


@dataclass(frozen=True, slots=True)
class Ruler:
    """`now_x` None: today is a day off. `summary` is read instead of the picture."""

    slots: tuple[Slot, ...]
    marks: tuple[Mark, ...]
    now_x: int | None
    summary: str


def ruler(dues: Iterable[datetime], now: datetime, calendar: Calendar) -> Ruler:
    """From today over the next workdays, four in all; what is due later has no room."""
    days = tuple(_days(calendar.local(now).date(), calendar))
    slots = tuple(_slots(days, now, calendar))
    placed = sorted(_placed(dues, days, slots, now, calendar))
    first = slots[0]
    return Ruler(
        slots=slots,
        marks=tuple(_stacked(placed)),
        now_x=None if first.is_off else _x(now, days[0][0], first, calendar),
        summary=_summary(placed),
    )


def _days(today: date, calendar: Calendar) -> Iterator[tuple[date, ...]]:
    """Each workday by itself, days off in runs."""
    on, left, off = today, _WORKDAYS, []
    while left:
        if not calendar.day(on).is_workday:
            off.append(on)
        else:
            if off:
                yield tuple(off)
            yield (on,)
            off, left = [], left - 1
        on += _DAY


def _slots(days: Sequence[tuple[date, ...]], now: datetime, calendar: Calendar) -> Iterator[Slot]:
    gaps = sum(not calendar.day(run[0]).is_workday for run in days)
    room = (WIDTH - gaps * _OFF - _GAP * (len(days) - 1)) // (len(days) - gaps)
    x = 0
    for run in days:
        is_off = not calendar.day(run[0]).is_workday
        width = _OFF if is_off else room
        yield _off(x, run) if is_off else _worked(x, width, run[0], now, calendar)
        x += width + _GAP


def _off(x: int, run: tuple[date, ...]) -> Slot:
    first, last = (f"{on:%m-%d}" for on in (run[0], run[-1]))
    span = first if first == last else f"{first} – {last}"
    return Slot(x, _OFF, _("%(days)s 休") % {"days": span}, is_off=True)


def _worked(x: int, width: int, on: date, now: datetime, calendar: Calendar) -> Slot:
    day = calendar.day(on)
    is_today = on == calendar.local(now).date()
    usual = day.kind is DayKind.WORKDAY
    label = f"{on:%m-%d} {when.weekday(on)}" + ("" if usual else f" · {day.label}")
    slot = Slot(
        x=x,
        width=width,
        label=f"{_('今天')} {label}" if is_today else label,
        is_off=False,
        opens=when.hour_minute(calendar.work_start(on)),
        closes=when.hour_minute(calendar.work_end(on)),
    )
    if not is_today:
        return slot
    past = _x(now, on, slot, calendar) - x
    return Slot(slot.x, slot.width, slot.label, is_off=False, opens=slot.opens, closes=slot.closes, past=past)


def _x(at: datetime, on: date, slot: Slot, calendar: Calendar) -> int:
    """Where an instant stands in the slot of its workday, by the clock between opening and closing."""
    opens, closes = calendar.work_start(on), calendar.work_end(on)
    share = min(1.0, max(0.0, (at - opens) / (closes - opens)))
    return slot.x + round(share * slot.width)


def _placed(
    dues: Iterable[datetime], days: Sequence[tuple[date, ...]], slots: Sequence[Slot], now: datetime, calendar: Calendar
) -> Iterator[tuple[int, str]]:
    today = calendar.local(now).date()
    slot_of = {on: slot for run, slot in zip(days, slots, strict=True) for on in run}
    for due in dues:
        on = when.last_date(due)
        look = "over" if due < now else "near" if on == today else "left"
        slot = slots[0] if on < today else slot_of.get(on)
        if slot is None:
            continue
        middle = slot.x + slot.width // 2
        x = slot.x if on < today else middle if slot.is_off else _x(due, on, slot, calendar)
        yield min(max(x, slot.x + _EDGE), slot.end - _EDGE), look


def _stacked(placed: Sequence[tuple[int, str]]) -> Iterator[Mark]:
    """Marks of one look that would cover each other become one with a number."""
    for look in ("left", "near", "over"):
        run: list[int] = []
        for x in [x for x, found in placed if found == look]:
            if run and x - run[0] > _NEAR:
                yield Mark(run[0], look, len(run))
                run = []
            run.append(x)
        if run:
            yield Mark(run[0], look, len(run))


def _summary(placed: Sequence[tuple[int, str]]) -> str:
    counts = {look: sum(found == look for _x, found in placed) for look in ("over", "near", "left")}
    return _("已超时 %(over)d 项，今天到期 %(near)d 项，其后几天 %(left)d 项") % counts
