"""How fast a clock runs: not at all while it is paused, at a fraction while something slows it, else at full speed."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

MICROSECOND = timedelta(microseconds=1)
FULL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Interval:
    """Time between two aware instants in which a clock stands still, or runs at 1/`factor` where one is given.

    The end is known: of a pause that is still on, the caller knows none, and then no due instant exists either.
    `label` is the reason as people read it. Raises ValueError when naive, reversed, or sped up (factor below 1).
    """

    start: datetime
    end: datetime
    label: str = ""
    factor: Fraction | int | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs aware instants")
        if self.end < self.start:
            raise ValueError(f"the interval ends before it starts: {self.start} to {self.end}")
        if self.factor is not None and self.factor < 1:
            raise ValueError(f"a factor slows: {self.factor} is below 1")

    @property
    def rate(self) -> Fraction:
        """The share of real time that counts: 0 for a pause."""
        return Fraction(0) if self.factor is None else 1 / Fraction(self.factor)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time that passed at one rate; `counted` is what the clock made of it, in microseconds."""

    start: datetime
    end: datetime
    rate: Fraction
    label: str
    counted: Fraction


def micros(length: timedelta) -> int:
    """A length in whole microseconds, the exact unit of all arithmetic here."""
    return length // MICROSECOND


class Pace:
    """The rate at every instant, made from possibly overlapping intervals: the slowest wins, a pause above all."""

    __slots__ = ("_edges", "_states")

    def __init__(self, intervals: Sequence[Interval] = ()) -> None:
        real = [i for i in intervals if i.start < i.end]
        # All in UTC: arithmetic on wall-clock datetimes of one zone would ignore clock changes.
        self._edges = sorted({edge.astimezone(UTC) for i in real for edge in (i.start, i.end)})
        self._states: list[tuple[Fraction, str]] = [(FULL, "")]
        for edge in self._edges:
            on = [i for i in real if i.start <= edge < i.end]
            slowest = min(on, key=lambda i: i.rate, default=None)
            self._states.append((slowest.rate, slowest.label) if slowest else (FULL, ""))

    @property
    def is_even(self) -> bool:
        """Whether the clock runs at full speed throughout."""
        return not self._edges

    def at(self, at: datetime) -> tuple[Fraction, str]:
        """Rate and reason that hold from an instant on."""
        return self._states[bisect_right(self._edges, at)]

    def just_before(self, at: datetime) -> tuple[Fraction, str]:
        """Rate and reason that held up to an instant: what decides whether the day ending there counts."""
        return self._states[bisect_right(self._edges, at - MICROSECOND)]

    def run(self, start: datetime, need: Fraction, end: datetime | None = None) -> list[Stretch]:
        """Let the clock run from a UTC `start` until `need` microseconds are counted, or until `end` at the latest.

        The end of the last stretch is the first instant at which the need is met, so never inside a later pause.
        """
        stretches: list[Stretch] = []
        at = start
        place = bisect_right(self._edges, at)
        while need > 0 and (end is None or at < end):
            edge = self._edges[place] if place < len(self._edges) else None
            limits = [limit for limit in (edge, end) if limit is not None]
            rate, label = self._states[place]
            stop = min(limits, default=None)
            # After the last edge there is no limit but the clock runs at full speed, so the run always ends.
            if stop is None or (rate and need <= micros(stop - at) * rate):
                stop = at + timedelta(microseconds=int(-(-need // rate)))
                counted = need
            else:
                counted = micros(stop - at) * rate
            stretches.append(Stretch(at, stop, rate, label, counted))
            need -= counted
            at = stop
            place += at == edge
        return stretches
