"""Dates, times and lengths as the screens print them (Asia/Shanghai, 24-hour clock).

Pure functions: every one takes aware datetimes and, where words such as 今天 depend on it, the
current instant. None of them reads the clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_WEEKDAYS: Final = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
_MINUTE: Final = timedelta(minutes=1)


def local(at: datetime) -> datetime:
    """The same instant on the wall clock in Shanghai."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be shown")
    return at.astimezone(SHANGHAI)


def weekday(on: date) -> str:
    """周一 to 周日."""
    return str(_WEEKDAYS[on.weekday()])


def weekday_name(number: int) -> str:
    """周一 to 周日 for 1 to 7."""
    return str(_WEEKDAYS[number - 1])


def hour_minute(at: datetime) -> str:
    """10:40."""
    return f"{local(at):%H:%M}"


def stamp(at: datetime) -> str:
    """2026-10-10 18:00, the form of records and paper."""
    return f"{local(at):%Y-%m-%d %H:%M}"


def for_field(at: datetime) -> str:
    """An instant as a form's field holds it: 2026-10-09T14:20."""
    return f"{local(at):%Y-%m-%dT%H:%M}"


def now_text(now: datetime) -> str:
    """10-09 周五 14:20, the clock of the top bar."""
    return f"{month_day(now, now)} {weekday(local(now).date())} {hour_minute(now)}"


def month_day(at: datetime, now: datetime) -> str:
    """10-09 within the year, 2027-01-08 outside it."""
    return _date_text(local(at).date(), local(now).date())


def when(at: datetime, now: datetime) -> str:
    """When something happened: 今天 10:12, 昨天 17:03, 10-08 15:20, 2025-12-30 15:20."""
    return f"{_near_day(local(at).date(), now) or month_day(at, now)} {hour_minute(at)}"


def due(at: datetime, now: datetime, *, provisional: bool = False) -> str:
    """When something is due: 今天 16:00, 10-10 周六 18:00, 2027-01-08 周五 18:00（暂定）.

    Midnight belongs to the day that it ends, because a deadline of whole days ends "24:00 of day D".
    """
    if provisional:
        return _("%(day)s（暂定）") % {"day": due(at, now)}
    on, clock = _last_day(at)
    near = _near_day(on, now)
    if near:
        return f"{near} {clock}"
    return f"{_date_text(on, local(now).date())} {weekday(on)} {clock}"


def due_day(at: datetime, now: datetime) -> str:
    """The day alone on which something is due: 01-08; with its year when it is more than 300 days away."""
    on, _clock = _last_day(at)
    today = local(now).date()
    return f"{on:%Y-%m-%d}" if abs((on - today).days) > 300 else f"{on:%m-%d}"


def day_head(at: datetime, now: datetime) -> str:
    """Head of a day in the timeline: 今天 10-09 周五, 10-08 周四."""
    on = local(at).date()
    text = f"{month_day(at, now)} {weekday(on)}"
    return f"{_('今天')} {text}" if on == local(now).date() else text


def span_text(span: timedelta) -> str:
    """A length of natural time, at most two units: 40 分, 2 小时 30 分, 3 天 4 小时, 12 天."""
    minutes = int(abs(span) / _MINUTE)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= 10 or (days and not hours):
        return _("%(count)d 天") % {"count": days}
    if days:
        return _("%(days)d 天 %(hours)d 小时") % {"days": days, "hours": hours}
    if hours and rest:
        return _("%(hours)d 小时 %(minutes)02d 分") % {"hours": hours, "minutes": rest}
    if hours:
        return _("%(count)d 小时") % {"count": hours}
    return _("%(count)d 分") % {"count": rest}


def age(start: datetime, now: datetime) -> str:
    """How long a case has been open, one unit: 25 分, 3 小时, 10 天."""
    minutes = max(0, int((now - start) / _MINUTE))
    if minutes < 60:
        return _("%(count)d 分") % {"count": minutes}
    if minutes < 1440:
        return _("%(count)d 小时") % {"count": minutes // 60}
    return _("%(count)d 天") % {"count": minutes // 1440}


def last_date(at: datetime) -> date:
    """The last day that a deadline gives: for midnight the day that ends then."""
    return _last_day(at)[0]


def _last_day(at: datetime) -> tuple[date, str]:
    wall = local(at)
    if (wall.hour, wall.minute, wall.second) == (0, 0, 0):
        return wall.date() - timedelta(days=1), "24:00"
    return wall.date(), f"{wall:%H:%M}"


def day(on: date, today: date) -> str:
    """A day of a calendar, of this year without it."""
    return _date_text(on, today)


def _date_text(on: date, today: date) -> str:
    return f"{on:%m-%d}" if on.year == today.year else f"{on:%Y-%m-%d}"


def _near_day(on: date, now: datetime) -> str:
    match (on - local(now).date()).days:
        case -1:
            return _("昨天")
        case 0:
            return _("今天")
        case 1:
            return _("明天")
        case _:
            return ""
