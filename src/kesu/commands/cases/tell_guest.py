"""Words to an outside party, which he reads behind his link."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.guests import guest_for
from kesu.casefile import notes, tokens


@transaction.atomic
def tell_guest(*, actor: Actor, at: datetime, case_id: UUID, guest_id: UUID, text: str, token: str = "") -> None:
    """Raises `NotFound`, `Forbidden`, and `Unacceptable` for an empty or too long text."""
    guest = guest_for(actor, case_id, guest_id)
    if not tokens.is_again(token, guest.case, f"to-guest/{guest_id.hex}/{text}", at):
        by = actor.account_id
        notes.add(guest.case, text=text, visibility=notes.TO_GUEST, author=by, at=at, guest=guest.pk)
