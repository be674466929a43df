"""What one version of a calendar says otherwise than another: the days, and from which day on anything may move."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kesu.policy.calendar.days import Day, PostHours, Source
from kesu.policy.calendar.workcalendar import Calendar


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A date that both calendars know, and differently."""

    before: Day
    after: Day

    @property
    def date(self) -> date:
        return self.after.date


def years_of(calendar: Calendar) -> set[int]:
    """The years of which a calendar says anything that the week does not."""
    return {year.number for year in calendar.years} | {closure.date.year for closure in calendar.closures}


def changed_days(before: Calendar, after: Calendar) -> Iterator[ChangedDay]:
    """In order, within the years that one of them knows more of than the week. Hours that differ on every day of a
    week are told by `has_other_hours`."""
    for number in sorted(years_of(before) | years_of(after)):
        on = date(number, 1, 1)
        while on.year == number:
            old, new = before.day(on), after.day(on)
            if (old.is_workday, old.periods, old.kind, old.label) != (new.is_workday, new.periods, new.kind, new.label):
                yield ChangedDay(old, new)
            if on == date.max:
                return
            on += timedelta(days=1)


def has_other_hours(before: Calendar, after: Calendar) -> bool:
    """Whether a day that nothing is said of is worked otherwise."""
    return (before.week, before.regular) != (after.week, after.regular)


def other_posts(before: Calendar, after: Calendar) -> tuple[PostHours, ...]:
    """The posts that work otherwise than before; of one that has no hours of its own any more, those that it had."""
    old, new = ({post.slot: post for post in one.posts} for one in (before, after))
    slots = sorted({*old, *new})
    return tuple(new.get(slot) or old[slot] for slot in slots if old.get(slot) != new.get(slot))


def newly_official(before: Calendar, after: Calendar) -> frozenset[int]:
    """The years of which the official plan has come."""
    old = {year.number for year in before.years if year.source is Source.OFFICIAL}
    return frozenset(year.number for year in after.years if year.source is Source.OFFICIAL) - old


def differs_from(before: Calendar, after: Calendar) -> date | None:
    """The first day from which on a deadline may be another one, or no longer provisional; None: none ever is."""
    if has_other_hours(before, after) or other_posts(before, after):
        return date.min
    days = [next((day.date for day in changed_days(before, after)), None)]
    sources = {year.number: year.source for year in before.years}, {year.number: year.source for year in after.years}
    moved = [n for n in {*sources[0], *sources[1]} if sources[0].get(n) != sources[1].get(n)]
    days += [date(n, 1, 1) for n in moved]
    return min((day for day in days if day is not None), default=None)
