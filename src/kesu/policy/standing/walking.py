"""The walk over a whole log, through every change of the rules by which the case stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.plan import plan_of
from kesu.policy.standing.strata import in_order
from kesu.policy.standing.walk import Walk


def rules_at(kind: Kind, log: Iterable[Event], seq: int) -> Kind:
    """By which rules the case stood when the event of this number was written. `kind`: by which it stands after all of
    its log."""
    later = [event for event in log if event.renewal is not None and event.seq > seq]
    first = min(later, key=lambda event: event.seq, default=None)
    return kind if first is None or first.renewal is None else first.renewal.before


class Course:
    """Begins the walks of one case and takes them on. `kind`: by which it stands after all of its log; `calendar`: by
    which it was opened."""

    def __init__(self, kind: Kind, calendar: Calendar, log: Iterable[Event] = ()) -> None:
        renewals = [event.renewal for event in log if event.renewal is not None]
        self._kinds = [renewals[0].before, *(one.after for one in renewals)] if renewals else [kind]
        self._calendar = calendar

    def begin(self) -> Walk:
        """A walk before anything has happened."""
        return self._walk(self._kinds[0], self._calendar)

    def take(self, walk: Walk, event: Event) -> Walk:
        """Takes the walk on by an event; another one goes on from there where it brings other rules."""
        if event.renewal is not None:
            walk.reach(event.at)
            before, walk = walk, self._walk(event.renewal.after, walk.calendar)
            walk.take_over(before, event.renewal, event.at)
        walk.take(event)
        return walk

    def _walk(self, kind: Kind, calendar: Calendar) -> Walk:
        if len(self._kinds) == 1:  # as of nearly every case
            return Walk(kind, calendar)
        others = {id(one): one for one in self._kinds if one is not kind}
        return Walk(kind, calendar, plan_of(kind, *others.values()))


def walk_along(kind: Kind, events: Sequence[Event], until: datetime, calendar: Calendar, log: Iterable[Event]) -> Walk:
    """The walk over events (in order, none of them after `until`) and the time between and after them, up to and
    including `until`. `log`: the whole to which they belong; a change of the rules that lies after `until` says by
    which ones the case stood before."""
    course = Course(kind, calendar, log)
    walk = course.begin()
    # One by one, also at one instant: what somebody did stays done whatever is written down after it.
    for event in events:
        if event.renewal is None:  # as nearly every one
            walk.take(event)
        else:
            walk = course.take(walk, event)
    walk.wait(until)
    return walk


def walked(kind: Kind, log: Sequence[Event], until: datetime, calendar: Calendar) -> Walk:
    """The walk over what happened up to and including `until`, without anything that the log takes back, also later."""
    events = [event for event in corrected(log, voided_seqs(log)) if event.at <= until]
    return walk_along(kind, sorted(events, key=in_order), until, calendar, log)
