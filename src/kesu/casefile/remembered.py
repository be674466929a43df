"""Standings that pages ask for again and again, remembered while they hold.

A standing is a function of log, rules, calendar and moment, and constant from the moment it was taken until its
`wake_at`. The hash of a log's last event names the log, and a case never changes its rules or calendar without an
event: so a remembered standing is never stale. Ordinary cases only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Final

from kesu.policy.standing.results import Standing

_LOGS: Final = 512
_MOMENTS: Final = 3
_held: OrderedDict[str, tuple[Standing, ...]] = OrderedDict()
_lock: Final = Lock()


def knows(head: str, at: datetime) -> bool:
    """Whether a standing that holds at `at` is known, so that its log need not be read."""
    return _known(head, at) is not None


def _known(head: str, at: datetime) -> Standing | None:
    with _lock:
        held = _held.get(head, ())
    return next((one for one in held if one.now <= at and (one.wake_at is None or at < one.wake_at)), None)


def remembered(head: str, at: datetime, take: Callable[[], Standing]) -> Standing:
    """The standing of the log with this last hash at `at`; `take` computes it when none is known that holds then.
    `Standing.now` is the moment it was taken, at or before `at`."""
    known = _known(head, at)
    if known is not None:
        return known
    taken = take()
    with _lock:
        _held[head] = (*_held.get(head, ())[-(_MOMENTS - 1) :], taken)
        _held.move_to_end(head)
        while len(_held) > _LOGS:
            _held.popitem(last=False)
    return taken
