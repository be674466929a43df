"""An outside party writes on his part of a case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.guests import guest_by_secret
from kesu.casefile import notes, tokens, writing
from kesu.policy.model.writing import Writing


@transaction.atomic
def write_as_guest(*, at: datetime, secret: str, text: str, token: str = "") -> None:
    """Raises `NotFound`, `NotNow` for a link that is over and where the policy lets nothing be written any more,
    `Unacceptable` for an empty or too long text."""
    guest = guest_by_secret(secret, at, lock=True)
    if not tokens.is_again(token, guest.case, f"guest/{guest.pk.hex}/{text}", at):
        writing.ask(guest.case, Writing.GUEST_WORDS, at)
        notes.add(guest.case, text=text, visibility=notes.FROM_GUEST, author=None, at=at, guest=guest.pk)
