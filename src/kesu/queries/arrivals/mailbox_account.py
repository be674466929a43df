"""From where a mailbox is read, for trying it."""

from __future__ import annotations

from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.mails import mailbox_for
from kesu.casefile.mail_desk import account_of
from kesu.core.imap import MailAccount


def mailbox_account(*, actor: Actor, mailbox_id: UUID) -> MailAccount | None:
    """None for one into which mails are piped. Raises `Forbidden`, `NotFound`."""
    mailbox = mailbox_for(actor, mailbox_id)
    return account_of(mailbox) if mailbox.host else None
