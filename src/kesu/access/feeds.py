"""Who stands behind the secret link of a calendar."""

from __future__ import annotations

import hashlib
from datetime import date

from kesu.access.actor import Actor, actor_of
from kesu.core.errors import NotFound
from kesu.store.models import CalendarFeed


def digest_of(secret: str) -> str:
    """It was drawn with 256 bits: nobody finds it from its digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(digest: str, on: date) -> tuple[CalendarFeed, Actor]:
    """The feed with its reader as his posts stand on this day. Raises `NotFound` for a link that was taken back, and
    for an account that is shut."""
    feed = CalendarFeed.objects.select_related("account").filter(digest=digest, account__is_active=True).first()
    if feed is None:
        raise NotFound
    return feed, actor_of(feed.account, on)
