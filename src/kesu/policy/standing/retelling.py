"""The standings of one case one after the other, while its log grows and time passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import EVENT_VOIDED, Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.compute import seen_from, standing
from kesu.policy.standing.results import Standing
from kesu.policy.standing.walk import Walk, in_order


class Retelling:
    """What `standing` says each time, from one walk that goes on. It begins anew where a log cannot be gone on from:
    after a correction, an event dated back, or a question about an instant that lies behind.

    A standing is to be read before the next one is asked for: afterwards it may raise ReadTooLate."""

    def __init__(self, kind: Kind, calendar: Calendar) -> None:
        self._kind = kind
        self._calendar = calendar
        self._log: list[Event] = []
        self._walk = Walk(kind, calendar)
        self._walked = 0  # how many events of the log, in their order, the walk has behind it
        self._is_in_order = True  # whether the log so far can be walked as it came

    def hear(self, event: Event) -> None:
        """The log has another event."""
        last = self._log[-1] if self._log else None
        follows = last is None or in_order(last) < in_order(event)
        self._is_in_order = self._is_in_order and follows and event.kind != EVENT_VOIDED
        self._log.append(event)

    def at(self, now: datetime) -> Standing:
        """The case as it stands at an aware `now`, by the events heard so far."""
        if not self._is_in_order:
            return standing(self._kind, self._log, now, self._calendar)
        if now < self._walk.reached[0] or not self._goes_on():
            self._walk, self._walked = Walk(self._kind, self._calendar), 0
        while self._walked < len(self._log) and self._log[self._walked].at <= now:
            self._walk.take(self._log[self._walked])
            self._walked += 1
        self._walk.wait(now)
        ahead = self._log[self._walked].at if self._walked < len(self._log) else None
        return seen_from(self._walk, self._log[: self._walked], now, ahead)

    def _goes_on(self) -> bool:
        """Whether what has been heard since lies after all that the walk has behind it."""
        return self._walked == len(self._log) or in_order(self._log[self._walked]) > self._walk.reached


def retold(kind: Kind, log: Sequence[Event], calendar: Calendar, most: int) -> Iterator[Standing]:
    """The standing after each event of a log, and at each instant before the next event at which time alone changes
    something, at most `most` of them. Each is to be read before the next."""
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
