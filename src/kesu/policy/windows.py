"""Windows of time: until when something that happened lies in one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kesu.policy.calendar import Calendar, age_full_at
from kesu.policy.model.conditions import Window


def leaves_at(at: datetime, window: Window, calendar: Calendar) -> datetime:
    """From when on what happened `at` is no longer in the window."""
    if window.rolling is not None:
        return age_full_at(calendar, at, window.rolling)
    return period_end(at, window, calendar)


def period_end(at: datetime, window: Window, calendar: Calendar) -> datetime:
    """The end of the week, month or year of a moment."""
    return calendar.instant(_first_day_after(calendar.local(at).date(), window), time.min)


def _first_day_after(on: date, window: Window) -> date:
    match window.calendar:
        case "week":
            return on + timedelta(days=7 - on.weekday())
        case "month":
            return date(on.year + on.month // 12, on.month % 12 + 1, 1)
        case _:
            return date(on.year + 1, 1, 1)
