"""Whether the coming year's official plan is still missing where the reader could bring it in."""

from __future__ import annotations

from datetime import datetime, timedelta

from kesu.access.actor import Actor
from kesu.access.calendars import unknown_next_year

_DECEMBER = 12


def next_year_unknown(*, actor: Actor, at: datetime) -> tuple[str, ...]:
    """The names of the calendars, from December on. No query in any other month, nor for who may not change them."""
    if _DECEMBER not in {at.month, (at + timedelta(days=1)).month}:
        return ()
    return unknown_next_year(actor, at)
