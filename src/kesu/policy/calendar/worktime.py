"""The working time of a year laid end to end: where a length of it ends is looked up, not walked to day by day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class WorkYear:
    """The workdays and working periods of one local year, in order.

    `before`: the working time of the year up to each opening, and last of all that of the whole year."""

    days: tuple[date, ...]
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    before: tuple[timedelta, ...]

    @classmethod
    def of(cls, days: Iterable[date], spans: Iterable[Span]) -> WorkYear:
        """From the workdays of a year and all their periods."""
        laid = tuple(spans)
        # A clock change may close a period before it opens; nobody works in it then.
        lengths = (max(closes - opens, timedelta()) for opens, closes in laid)
        before = tuple(accumulate(lengths, initial=timedelta()))
        return cls(tuple(days), tuple(opens for opens, _ in laid), tuple(closes for _, closes in laid), before)

    @property
    def total(self) -> timedelta:
        """The working time of the whole year."""
        return self.before[-1]

    def worked_by(self, at: datetime) -> timedelta:
        """The working time of the year that lies before an instant."""
        place = bisect_right(self.opens, at) - 1
        if place < 0:
            return timedelta()
        return min(self.before[place] + (at - self.opens[place]), self.before[place + 1])

    def end_of(self, worked: timedelta) -> datetime:
        """The first instant by which so much of the year's working time is over: more than none, not more than all."""
        place = bisect_left(self.before, worked) - 1
        return self.opens[place] + (worked - self.before[place])
