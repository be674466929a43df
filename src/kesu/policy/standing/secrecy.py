"""To which slots a sealed case is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing.conditions import choose
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.policy.standing.walk import Walk


def opened_to(kind: Kind, log: Sequence[Event], now: datetime, calendar: Calendar) -> tuple[str, ...]:
    """The role slots that the pack's secrecy opens the case to as things stand at an aware `now`; empty for a kind
    without secrecy."""
    if kind.secrecy is None:
        return ()
    walk = Walk(kind, calendar)
    walk.run(corrected([event for event in log if event.at <= now], voided_seqs(log)), now)
    return choose(kind.secrecy.opened_to, walk.view(now)) or ()
