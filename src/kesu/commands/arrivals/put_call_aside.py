"""Whoever a call rings for puts it aside: the strip over his pages goes, the call stays on the page of registering."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.calls import calls_of


def put_call_aside(*, actor: Actor, at: datetime, call_id: UUID) -> None:
    """A call on another's line, or one that is over already, stays as it is."""
    calls_of(actor, at).filter(pk=call_id, over_at=None).update(over_at=at)
