"""The working calendar of an office: which instants are worked, in which zone, under which version."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kesu.policy.calendar import document
from kesu.policy.calendar.days import (
    MAKEUP_LABEL,
    WEEKDAY_NAMES,
    CalendarUnreadable,
    Day,
    DayKind,
    Period,
    PostHours,
    Source,
    SpecialDay,
    Year,
    in_order,
)
from kesu.policy.calendar.worktime import Span, WorkYear

ONE_DAY = timedelta(days=1)
_EVERY_YEAR = frozenset(range(MINYEAR, MAXYEAR + 1))


class NotAWorkday(ValueError):
    """A start or end of work was asked of a day on which nobody works."""


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Working hours, holidays, make-up workdays and closures of one office, in one zone.

    `week` holds the periods of Monday to Sunday; `regular` those of an ordinary workday, used on make-up days and as
    the measure of half a day. Instants go in aware and come out in UTC; dates are local to `zone`. Years without data
    follow the week alone and are provisional. Two calendars with one `version` are the same calendar.

    `posts`: those that work by hours of their own; `without_holidays`: such a post, which follows its week in every
    year, so that there is nothing to wait for.
    """

    name: str
    zone: str
    week: tuple[tuple[Period, ...], ...]
    regular: tuple[Period, ...]
    years: tuple[Year, ...] = ()
    closures: tuple[SpecialDay, ...] = ()
    posts: tuple[PostHours, ...] = ()
    without_holidays: bool = False
    version: str = field(init=False)
    _zone: ZoneInfo = field(init=False, repr=False)
    _sources: dict[int, Source] = field(init=False, repr=False)
    _official: frozenset[int] = field(init=False, repr=False)
    _special: dict[date, SpecialDay] = field(init=False, repr=False)
    _days: dict[int, dict[date, Day]] = field(init=False, repr=False)
    _spans: dict[int, dict[date, tuple[Span, ...]]] = field(init=False, repr=False)
    _work_years: dict[int, WorkYear] = field(init=False, repr=False)
    _ends: dict[date, datetime] = field(init=False, repr=False)
    _of_posts: dict[str, "Calendar"] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        put = object.__setattr__  # the instance is frozen; what follows is derived once from its fields
        put(self, "week", tuple(in_order(periods) for periods in self.week))
        put(self, "regular", in_order(self.regular))
        put(self, "years", tuple(sorted(self.years, key=lambda year: year.number)))
        put(self, "closures", tuple(sorted(self.closures, key=lambda special: special.date)))
        if len(self.week) != len(WEEKDAY_NAMES) or not any(self.week) or not self.regular:
            raise CalendarUnreadable("日历要有七天的工作时段，至少一天上班，并写明正常工作日的时段")
        put(self, "_zone", document.zone(self.zone))
        put(self, "_sources", {year.number: year.source for year in self.years})
        official = frozenset(year.number for year in self.years if year.source == Source.OFFICIAL)
        put(self, "_official", _EVERY_YEAR if self.without_holidays else official)
        special = {found.date: found for year in self.years for found in year.days}
        put(self, "_special", special | {found.date: found for found in self.closures})
        put(self, "_days", {})
        put(self, "_spans", {})
        put(self, "_work_years", {})
        put(self, "_ends", {})
        put(self, "posts", tuple(sorted(self.posts, key=lambda post: post.slot)))
        put(self, "_of_posts", {post.slot: self._with_hours_of(post) for post in self.posts})
        put(self, "version", document.digest(self.to_document()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    @classmethod
    def from_document(cls, data: object) -> "Calendar":
        """Build a calendar from its stored document. Raises CalendarUnreadable, naming the part at fault."""
        parts = document.read(data)
        days = parts.years, parts.closures
        return cls(parts.name, parts.zone, parts.week, parts.regular, *days, parts.posts, parts.without_holidays)

    def to_document(self) -> dict[str, object]:
        """The canonical JSON-able form: equal calendars give equal documents, and the version is its digest."""
        days = self.years, self.closures
        parts = document.Parts(self.name, self.zone, self.week, self.regular, *days, self.posts, self.without_holidays)
        return document.write(parts)

    def with_years(self, years: Iterable[Year]) -> "Calendar":
        """The same hours and closures with these years put in the place of what was known of them."""
        newer = {year.number: year for year in years}
        return replace(self, years=tuple(({year.number: year for year in self.years} | newer).values()))

    # Posts

    def of_post(self, slot: str) -> "Calendar":
        """The calendar of a post that works by hours of its own; this one for every other."""
        return self._of_posts.get(slot, self)

    def counted_by(self, version: str | None) -> "Calendar":
        """The one of these by which a receipt was counted, as it names it; this one where it names none of them."""
        return next((one for one in self._of_posts.values() if one.version == version), self)

    def with_posts(self) -> tuple["Calendar", ...]:
        """This one and those of its posts: all that it may be counted with."""
        return (self, *self._of_posts.values())

    def _with_hours_of(self, post: PostHours) -> "Calendar":
        return Calendar(
            f"{self.name} · {post.name}",
            self.zone,
            post.week,
            post.regular,
            self.years if post.keeps_holidays else (),
            self.closures if post.keeps_holidays else (),
            without_holidays=not post.keeps_holidays,
        )

    # Days

    def day(self, on: date) -> Day:
        """What the calendar knows of a local date."""
        year = self._days.setdefault(on.year, {})
        found = year.get(on)
        if found is None:
            found = year[on] = self._make_day(on)
        return found

    def _make_day(self, on: date) -> Day:
        source = Source.OFFICIAL if self.without_holidays else self._sources.get(on.year, Source.WEEKEND)
        provisional = source != Source.OFFICIAL
        special = self._special.get(on)
        usual = self.week[on.weekday()]
        if special is None:
            kind = DayKind.WORKDAY if usual else DayKind.REST
            return Day(on, bool(usual), WEEKDAY_NAMES[on.weekday()], source, provisional, usual, kind)
        periods = (special.periods or self.regular) if special.kind == DayKind.MAKEUP else ()
        label = special.label or MAKEUP_LABEL
        return Day(on, bool(periods), label, source, provisional, periods, special.kind)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether any of the years from `first` to `last` lacks official data, so that the answer may still move."""
        if first.year == last.year:  # as nearly every length, and asked of every one
            return first.year not in self._official
        return not self._official.issuperset(range(first.year, last.year + 1))

    def first_workday_from(self, on: date) -> date:
        """The date itself when it is worked, else the next one that is."""
        while not self.day(on).is_workday:
            on += ONE_DAY
        return on

    def nth_workday_after(self, on: date, n: int) -> date:
        """The n-th workday after a date; the day after it is day 1 if it is worked. Raises ValueError for n < 1."""
        if n < 1:
            raise ValueError(f"the {n}-th workday does not exist")
        number = on.year
        days = self._work_year(number).days
        place = bisect_right(days, on) + n - 1
        while place >= len(days):
            place -= len(days)
            number += 1
            days = self._work_year(number).days
        return days[place]

    def _work_year(self, number: int) -> WorkYear:
        found = self._work_years.get(number)
        if found is None:
            first = date(number, 1, 1)
            days = [first + ONE_DAY * nth for nth in range((date(number, 12, 31) - first).days + 1)]
            worked = [on for on in days if self.day(on).is_workday]
            found = WorkYear.of(worked, (span for on in worked for span in self.spans(on)))
            self._work_years[number] = found
        return found

    # Instants

    def local(self, at: datetime) -> datetime:
        """An aware instant on the wall clock of the calendar's zone. Raises ValueError for a naive one."""
        if at.tzinfo is None:
            raise ValueError(f"{at!r} has no time zone")
        return at.astimezone(self._zone)

    def instant(self, on: date, clock: time) -> datetime:
        """The UTC instant of a wall-clock time; a time that a clock change skips is read with the old offset."""
        return datetime.combine(on, clock, self._zone).astimezone(UTC)

    def end_of_day(self, on: date) -> datetime:
        """24:00 of a local date, which is 00:00 of the next one, in UTC."""
        return self.instant(on + ONE_DAY, time.min)

    def spans(self, on: date) -> tuple[Span, ...]:
        """The working periods of a date as UTC instants, in order; empty when nobody works."""
        year = self._spans.get(on.year)
        if year is None:
            year = self._spans[on.year] = {}
        found = year.get(on)
        if found is None:
            found = year[on] = self._lay(on, self.day(on).periods)
        return found

    def usual_spans(self, on: date) -> tuple[Span, ...]:
        """The working periods of a date, or, if nobody works then, those that a regular workday would have."""
        return self.spans(on) or self._lay(on, self.regular)

    def _lay(self, on: date, periods: tuple[Period, ...]) -> tuple[Span, ...]:
        return tuple((self._at_minute(on, p.opens), self._at_minute(on, p.closes)) for p in periods)

    def _at_minute(self, on: date, minute: int) -> datetime:
        days, rest = divmod(minute, 1440)
        return self.instant(on + days * ONE_DAY, time(rest // 60, rest % 60))

    def work_start(self, on: date) -> datetime:
        """The first opening of a workday, in UTC. Raises NotAWorkday."""
        return self._worked(on)[0][0]

    def work_end(self, on: date) -> datetime:
        """The last closing of a workday, in UTC. Raises NotAWorkday."""
        found = self._ends.get(on)  # asked for nearly every length
        if found is None:
            found = self._ends[on] = self._worked(on)[-1][1]
        return found

    def _worked(self, on: date) -> tuple[Span, ...]:
        spans = self.spans(on)
        if not spans:
            raise NotAWorkday(f"{on} is not worked ({self.day(on).label})")
        return spans

    def is_working(self, at: datetime) -> bool:
        """Whether work is on at an instant: from an opening on, up to but not including the closing."""
        return any(opens <= at < closes for opens, closes in self.spans(self.local(at).date()))

    def next_work_start(self, at: datetime) -> datetime:
        """Where working time can begin to run: the instant itself while work is on, else the next opening, in UTC."""
        return at.astimezone(UTC) if self.is_working(at) else self.next_opening(at)

    def next_opening(self, at: datetime) -> datetime:
        """The first opening strictly after an instant, after a break as well as in the morning, in UTC."""
        on = self.local(at).date()
        while True:
            for opens, _ in self.spans(on):
                if opens > at:
                    return opens
            on = self.first_workday_from(on + ONE_DAY)

    def next_boundary(self, at: datetime) -> datetime:
        """The first opening or closing strictly after an instant, in UTC: until then `is_working` cannot change."""
        on = self.local(at).date()
        while True:
            for boundary in (edge for span in self.spans(on) for edge in span):
                if boundary > at:
                    return boundary
            on = self.first_workday_from(on + ONE_DAY)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants; none when the end is not after the start."""
        if end <= start:
            return timedelta()
        first, last = self.local(start).year, self.local(end).year
        whole = sum((self._work_year(number).total for number in range(first, last)), timedelta())
        return whole + self._work_year(last).worked_by(end) - self._work_year(first).worked_by(start)

    def working_end(self, start: datetime, length: timedelta) -> datetime:
        """Where so much working time after an instant is over, in UTC; of none, where working time begins to run."""
        if length <= timedelta():
            return self.next_work_start(start)
        number = self.local(start).year
        year = self._work_year(number)
        length += year.worked_by(start)
        while length > year.total:
            length -= year.total
            number += 1
            year = self._work_year(number)
        return year.end_of(length)

    def regular_working_time(self) -> timedelta:
        """The working time of an ordinary workday; 半天 is half of it."""
        return timedelta(minutes=sum(p.closes - p.opens for p in self.regular))
