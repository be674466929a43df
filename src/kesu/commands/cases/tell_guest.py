"""Words to an outside party, which he reads behind his link."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.guests import guest_for
from kesu.casefile import notes, reply_lock, to_guests, tokens, writing
from kesu.policy.model.writing import Writing


@transaction.atomic
def tell_guest(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    guest_id: UUID,
    text: str,
    token: str = "",
    is_interim: bool = False,
) -> None:
    """`is_interim`: as of a message to the customer. Raises `NotFound`, `Forbidden`, `Unacceptable` for an empty or too
    long text, and `NotNow` for words that the policy holds back from the customer, where he is on the customer's side
    or carries words to him, and where it lets nothing be written any more."""
    guest = guest_for(actor, case_id, guest_id)
    if not tokens.is_again(token, guest.case, f"to-guest/{guest_id.hex}/{text}", at):
        plain, by, to = notes.readable(text), actor.account_id, notes.TO_GUEST
        writing.ask(guest.case, Writing.GUEST, at)
        is_locked = guest.for_customer and reply_lock.ask(guest.case, plain, at, is_interim=is_interim)
        note = notes.add(guest.case, text=plain, visibility=to, author=by, at=at, guest=guest.pk, is_interim=is_locked)
        to_guests.tell(guest, at, note.pk)
