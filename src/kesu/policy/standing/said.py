"""What a policy says to people at a moment: promises to whoever reported, guidance to whoever takes a step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Guidance, Promise
from kesu.policy.standing.conditions import View, is_true
from kesu.policy.standing.walk import Walk


def promises(kind: Kind, log: Sequence[Event], now: datetime, calendar: Calendar) -> tuple[Promise, ...]:
    """The promises that hold for this case now, in the order of the pack."""
    if not kind.promises:
        return ()
    view = _view(kind, log, now, calendar)
    return tuple(promise for promise in kind.promises.values() if is_true(promise.when, view))


def guidance(
    kind: Kind, log: Sequence[Event], step: str, now: datetime, calendar: Calendar
) -> tuple[Guidance, ...]:
    """What is to be kept in mind at this step now."""
    spoken = [one for one in kind.guidance.values() if step in one.at]
    if not spoken:
        return ()
    view = _view(kind, log, now, calendar)
    return tuple(one for one in spoken if is_true(one.when, view))


def _view(kind: Kind, log: Sequence[Event], now: datetime, calendar: Calendar) -> View:
    walk = Walk(kind, calendar)
    walk.run(log, now)
    return walk.view(now)
