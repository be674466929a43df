"""A message that will not arrive goes on by the next of the person's channels, or waits for somebody to look at it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kesu.casefile.routing import channels_after
from kesu.casefile.spreading import instead
from kesu.store.inserting import insert
from kesu.store.models import OutboxMessage


def pass_on(message: OutboxMessage, carried: Collection[str], at: datetime) -> None:
    """The message itself is not yet saved. `carried`: the channels that are set up."""
    after = channels_after(message, carried)
    message.state = "replaced" if after else "failed"
    if after:
        insert([instead(message, channel=after, at=at)], or_keep=True)
