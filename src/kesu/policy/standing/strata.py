"""What the strata of a walk have in common, and how far a walk has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind

if TYPE_CHECKING:
    from kesu.policy.standing.conditions import View

Reached = tuple[datetime, float]
"""How far a walk has come: the last instant, and the number of its event; after all events where only time passed."""

in_order: Final[Callable[[Event], Reached]] = attrgetter("at", "seq")
"""The order in which events are walked."""


def untaken(plain: str, taken: set[str]) -> str:
    """The key of something that is owed, with a number where the plain one is taken; it is taken from then on."""
    key, nth = plain, 1
    while key in taken:
        nth += 1
        key = f"{plain}.{nth}"
    taken.add(key)
    return key


class Timed(Protocol):
    """A stratum that time alone may move."""

    def next_change(self, view: View, /) -> datetime | None: ...


class Counting(Protocol):
    """What remembers something that it counted with the calendar."""

    def recount(self) -> None: ...


class Ruled(NamedTuple):
    """By which calendar and rules a case was counted until an instant."""

    until: datetime
    calendar: Calendar
    kind: Kind
