"""An outside party opens his link for the first time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.guests import guest_by_secret


@transaction.atomic
def open_as_guest(*, at: datetime, secret: str) -> None:
    """Keeps when that was. Raises `NotFound`, and `NotNow` for a link that is over."""
    guest = guest_by_secret(secret, at)
    if guest.opened_at is None:
        guest.opened_at = at
        guest.save(update_fields=["opened_at"])
