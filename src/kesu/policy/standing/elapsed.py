"""How long ago something was: ages that leave out time, and deadlines counted from a moment."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime

from kesu.policy.calendar import Calendar, Duration, Interval, Measure, age_full_at, deadline
from kesu.policy.model.conditions import Elapsed, FactTest
from kesu.policy.model.facts import Value
from kesu.policy.standing.moments import TICK

# Lengths that run day and night: what is left out is simply added at the end.
_NATURAL = frozenset({Measure.NATURAL, Measure.DAYS, Measure.MONTHS})


@dataclass(slots=True)
class Timeline:
    """The values that one fact had, by the instant from which each held. Before the first: its default."""

    first: Value | None
    instants: list[datetime] = field(default_factory=list)
    values: list[Value | None] = field(default_factory=list)

    def put(self, at: datetime, value: Value | None) -> bool:
        """Record the value that holds from `at` on, if it is another one. Returns whether it is."""
        is_new = (self.values[-1] if self.values else self.first) != value
        if is_new:
            self.instants.append(at)
            self.values.append(value)
        return is_new

    def at(self, instant: datetime) -> Value | None:
        """The value that held at an instant."""
        place = bisect_right(self.instants, instant)
        return self.values[place - 1] if place else self.first


@dataclass(frozen=True, slots=True)
class Age:
    """When an age is full; None while it is not and its clock stands still. `revision`: of the timelines read."""

    revision: int
    full_at: datetime | None


@dataclass(slots=True)
class Clocks:
    """What ages need to know: the timelines of the facts that may stop a clock, and results already worked out.

    `lived`: the tests of time, by identity, that stand still while the case is over; `over`: when it was."""

    timelines: dict[str, Timeline] = field(default_factory=dict)
    lived: frozenset[int] = frozenset()
    over: Timeline = field(default_factory=lambda: Timeline(False))
    _ages: dict[tuple[int, datetime], Age] = field(default_factory=dict)
    _plain_ages: dict[tuple[datetime, Duration], datetime] = field(default_factory=dict)
    _ends: dict[tuple[datetime, Duration], datetime] = field(default_factory=dict)

    def age_of(self, test: Elapsed, start: datetime, now: datetime, calendar: Calendar) -> datetime | None:
        """When the age of `test` since `start` is full, as far as is known at `now`."""
        assert test.at_least is not None
        lines = [line for line, _ in self.lines_of(test)]
        if not lines:
            return self.plain_age(calendar, start, test.at_least)
        if any(line.instants and line.instants[-1] > now for line in lines):
            return _full_at(test, start, now, calendar, self)
        # Timelines only grow: as long as none has, the last answer stands.
        revision = sum(len(line.instants) for line in lines)
        known = self._ages.get((id(test), start))
        if known is None or known.revision != revision:
            known = Age(revision, _full_at(test, start, now, calendar, self))
            self._ages[(id(test), start)] = known
        return known.full_at

    def recount(self) -> None:
        """Another calendar counts: what was worked out is asked again."""
        self._ages.clear()
        self._plain_ages.clear()
        self._ends.clear()

    def lines_of(self, test: Elapsed) -> list[tuple[Timeline, Value]]:
        """What may stop the clock of this age, each with the value at which it runs."""
        lines = [(self.timelines[code], wanted) for code, wanted in test.counts if code in self.timelines]
        if self.over.instants and id(test) in self.lived:
            lines.append((self.over, False))
        return lines

    def present(self, test: FactTest, now: datetime) -> datetime:
        """The instant that a test means by now: where it stands still, the end of the case."""
        return self.over.instants[-1] if self.stands_still(test) else now

    def stands_still(self, test: FactTest) -> bool:
        """Whether the case is over and time means nothing to the test any more."""
        return bool(self.over.instants and self.over.values[-1]) and id(test) in self.lived

    def plain_age(self, calendar: Calendar, start: datetime, length: Duration) -> datetime:
        """When an age from which no time is left out is full."""
        key = (start, length)
        found = self._plain_ages.get(key)
        if found is None:
            found = self._plain_ages[key] = age_full_at(calendar, start, length)
        return found

    def ends_at(self, calendar: Calendar, start: datetime, length: Duration) -> datetime:
        """When a deadline of this length from `start` runs out."""
        key = (start, length)
        found = self._ends.get(key)
        if found is None:
            found = self._ends[key] = deadline(calendar, start, length).due_at
        return found


def elapsed_holds(test: Elapsed, start: datetime, now: datetime, calendar: Calendar, clocks: Clocks) -> bool:
    """Whether the length since `start` is reached (`at_least`) and not passed (`at_most`)."""
    if test.at_most is not None and now > clocks.ends_at(calendar, start, test.at_most):
        return False
    if test.at_least is None:
        return True
    full = clocks.age_of(test, start, now, calendar)
    return full is not None and full <= now


def elapsed_change(
    test: Elapsed, start: datetime, now: datetime, calendar: Calendar, clocks: Clocks
) -> datetime | None:
    """The next instant at which it changes by itself; None while its clock stands still or when all is over."""
    instants = []
    if test.at_most is not None:
        instants.append(clocks.ends_at(calendar, start, test.at_most) + TICK)
    if test.at_least is not None:
        full = clocks.age_of(test, start, now, calendar)
        if full is not None:
            instants.append(full)
    return min((at for at in instants if at > now), default=None)


def _full_at(test: Elapsed, start: datetime, now: datetime, calendar: Calendar, clocks: Clocks) -> datetime | None:
    """When the age is full; None while it is not and its clock stands still."""
    assert test.at_least is not None
    closed, standing_since = _not_counted(test, start, now, clocks)
    if test.at_least.measure in _NATURAL:
        full = clocks.plain_age(calendar, start, test.at_least)
        for interval in closed:
            if interval.start >= full:
                break
            full += interval.end - interval.start
    else:
        full = age_full_at(calendar, start, test.at_least, closed)
    return full if standing_since is None or full <= standing_since else None


def _not_counted(
    test: Elapsed, start: datetime, now: datetime, clocks: Clocks
) -> tuple[tuple[Interval, ...], datetime | None]:
    """Stretches since `start` in which the clock stood still, and since when it does now."""
    timelines = clocks.lines_of(test)
    changes = {at for line, _ in timelines for at in line.instants if start < at <= now}
    closed: list[Interval] = []
    standing_since: datetime | None = None
    for at in sorted({start, *changes}):
        counts = all(line.at(at) == wanted for line, wanted in timelines)
        if counts and standing_since is not None:
            closed.append(Interval(standing_since, at))
            standing_since = None
        elif not counts and standing_since is None:
            standing_since = at
    return tuple(closed), standing_since
