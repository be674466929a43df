"""A session was used in this hour."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.store.models import SignIn


def note_seen(*, sign_in: UUID, at: datetime) -> None:
    """Writes only what is newer by an hour."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    SignIn.objects.filter(pk=sign_in, seen_at__lt=hour).update(seen_at=hour)
