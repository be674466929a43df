"""A mailbox is not read any more, and takes nothing; or is again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.mails import mailbox_for
from kesu.casefile import house


@transaction.atomic
def set_mailbox_open(*, actor: Actor, at: datetime, mailbox_id: UUID, is_open: bool) -> None:
    """From this moment on; what came in stays. Raises `Forbidden`, `NotFound`."""
    house.wait_turn()
    mailbox = mailbox_for(actor, mailbox_id, lock=True)
    if mailbox.is_open == is_open:
        return
    mailbox.is_open, mailbox.read_after = is_open, None
    mailbox.save(update_fields=["is_open", "read_after"])
    act = "mailbox.opened" if is_open else "mailbox.shut"
    house.record(act, at=at, by=actor.account_id, subject=mailbox.pk, name=mailbox.name)
