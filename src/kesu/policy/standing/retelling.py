"""The standings of one case one after the other, while its log grows and time passes."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.compute import seen_from, standing
from kesu.policy.standing.results import Standing
from kesu.policy.standing.strata import in_order
from kesu.policy.standing.walk import Walk
from kesu.policy.standing.walking import Course, walked


class Retelling:
    """What `standing` says each time, from one walk that goes on. It walks anew, and goes on from there, where an event
    or a question lies behind what it has walked. From a correction on it asks for the whole each time, with what was
    withdrawn.

    A standing is to be read before the next one is asked for: afterwards it may raise ReadTooLate."""

    def __init__(self, kind: Kind, calendar: Calendar) -> None:
        self._kind = kind
        self._calendar = calendar
        self._heard: list[Event] = []
        self._log: list[Event] = []  # what was heard, in the order in which it is walked
        self._course = Course(kind, calendar)
        self._walk = self._course.begin()
        self._walked = 0  # how many events of the log the walk has behind it
        self._is_behind = False  # whether an event was heard that lies before where the walk has come to
        self._is_corrected = False

    def hear(self, event: Event) -> None:
        """The log has another event."""
        self._heard.append(event)
        insort(self._log, event, key=in_order)
        is_behind = in_order(event) < self._walk.reached or event.renewal is not None
        self._is_behind = self._is_behind or is_behind
        self._is_corrected = self._is_corrected or event.kind == EVENT_VOIDED

    def hear_all(self, log: Sequence[Event]) -> Retelling:
        """The log, which only grows, as it is by now."""
        for event in log[len(self._heard) :]:
            self.hear(event)
        return self

    def at(self, now: datetime) -> Standing:
        """The case as it stands at an aware `now`, by the events heard so far."""
        if self._is_corrected:
            return standing(self._kind, self._heard, now, self._calendar)
        if self._is_behind or now < self._walk.reached[0]:
            self._course = Course(self._kind, self._calendar, self._heard)
            self._walk, self._walked, self._is_behind = self._course.begin(), 0, False
        self._go_on(now)
        ahead = self._log[self._walked].at if self._walked < len(self._log) else None
        return seen_from(self._walk, [event for event in self._heard if event.at <= now], now, ahead)

    def walked(self, until: datetime) -> Walk:
        """The walk up to an instant: this one where it has not come further, else another one."""
        if self._is_corrected or self._is_behind or until < self._walk.reached[0]:
            return walked(self._kind, self._heard, until, self._calendar)
        self._go_on(until)
        return self._walk

    def _go_on(self, until: datetime) -> None:
        while self._walked < len(self._log) and self._log[self._walked].at <= until:
            self._walk = self._course.take(self._walk, self._log[self._walked])
            self._walked += 1
        self._walk.wait(until)


def retold(kind: Kind, log: Sequence[Event], calendar: Calendar, most: int) -> Iterator[Standing]:
    """The standing after each event of a log in the order of time, and at each instant before the next event at which
    time alone changes something, at most `most` of them. Each is to be read before the next."""
    case = Retelling(kind, calendar)
    for nth, event in enumerate(log, start=1):
        case.hear(event)
        seen = case.at(event.at)
        yield seen
        until = log[nth].at if nth < len(log) else None
        for _ in range(most):
            if seen.wake_at is None or until is None or seen.wake_at >= until:
                break
            seen = case.at(seen.wake_at)
            yield seen
