"""The stretch of days that the numbers look at, and the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.measures import Period, Span
from kesu.web import when
from kesu.web.slices import Days, read_day

NAMES: Final = {
    "month": gettext_lazy("本月"),
    "last_month": gettext_lazy("上月"),
    "quarter": gettext_lazy("本季"),
    "year": gettext_lazy("本年"),
}
_BEFORE: Final = {
    "month": gettext_lazy("较上月"),
    "last_month": gettext_lazy("较前一月"),
    "quarter": gettext_lazy("较上季"),
    "year": gettext_lazy("较上年"),
}
CUSTOM: Final = "custom"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """`code` is a name of `NAMES` or `CUSTOM`. `is_running`: today belongs to it, or it lies ahead."""

    code: str
    days: Days
    period: Period
    is_running: bool

    @property
    def compared(self) -> str:
        """较上月, 较上月同期 (as much of it as has passed of this one)."""
        plain = str(_BEFORE.get(self.code) or _("较前一段"))
        return _("%(before)s同期") % {"before": plain} if self.is_running else plain

    @property
    def query(self) -> dict[str, str]:
        """What the address says to get it again."""
        if self.code != CUSTOM:
            return {"period": self.code}
        return {"from": self.days.first.isoformat(), "to": self.days.last.isoformat()}


def read_period(query: QueryDict | Mapping[str, str], now: datetime) -> Chosen:
    """This month unless the address says otherwise. Days are those of the calendar's zone."""
    today = when.local(now).date()
    first, last = read_day(str(query.get("from", ""))), read_day(str(query.get("to", "")))
    if first and last:
        first, last = min(first, last), max(first, last)
        return _chosen(CUSTOM, Days(first, last), Days(first - (last - first) - _DAY, first - _DAY), now)
    code = str(query.get("period", ""))
    code = code if code in NAMES else "month"
    days, before = _named(code, today)
    return _chosen(code, days, before, now)


def _named(code: str, today: date) -> tuple[Days, Days]:
    """The days of a named period and those of the one before it."""
    months = {"quarter": 3, "year": 12}.get(code, 1)
    first = _month(today, -((today.month - 1) % months))
    if code == "last_month":
        first = _month(first, -1)
    return Days(first, _month(first, months) - _DAY), Days(_month(first, -months), first - _DAY)


def _month(on: date, by: int) -> date:
    """The first day of the month so many months later."""
    months = on.year * 12 + on.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def _chosen(code: str, days: Days, before: Days, now: datetime) -> Chosen:
    span, earlier = days.span, before.span
    is_running = now < span.end
    if is_running:
        passed = max(timedelta(), now - span.start)
        earlier = Span(earlier.start, min(earlier.end, earlier.start + passed))
    return Chosen(code, days, Period(span, earlier), is_running)
