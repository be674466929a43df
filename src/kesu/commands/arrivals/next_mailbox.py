"""Mailboxes as the worker reads them: each by one worker at a time, and how far it has got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kesu.casefile import mail_desk
from kesu.core.imap import MailAccount
from kesu.store.models import Mailbox

EVERY: Final = timedelta(seconds=30)
AFTER_FAILURE: Final = timedelta(minutes=2)
_LEASE: Final = timedelta(minutes=10)
"""So long nobody else reads it; whoever is killed in the middle leaves it for then. Two who read the same mail keep it
once all the same."""
_STUCK: Final = timedelta(hours=1)
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class ToRead:
    """`uid_validity` None: it was never read. `read_at`: when all of it was read last. `is_stuck`: it has not been for
    an hour. `connected_at`: since when it is read; what had come in before and was read by people is not ours."""

    mailbox_id: UUID
    account: MailAccount
    uid_validity: int | None
    last_uid: int
    read_at: datetime | None
    is_stuck: bool
    connected_at: datetime | None


@transaction.atomic
def next_mailbox(*, at: datetime) -> ToRead | None:
    """One that nobody has looked into for half a minute; it is this caller's until he tells how it went."""
    rows = Mailbox.objects.select_for_update(skip_locked=True, of=("self",)).filter(is_open=True).exclude(host="")
    mailbox = rows.filter(Q(read_after=None) | Q(read_after__lte=at)).order_by("read_after", "pk").first()
    if mailbox is None:
        return None
    mailbox.read_after = at + _LEASE
    mailbox.save(update_fields=["read_after"])
    account = mail_desk.account_of(mailbox)
    is_stuck = mailbox.failed_at is not None and mailbox.failed_at <= at - _STUCK
    return ToRead(
        mailbox.pk, account, mailbox.uid_validity, mailbox.last_uid, mailbox.read_at, is_stuck, mailbox.connected_at
    )


def note_read_up_to(*, at: datetime, mailbox_id: UUID, uid_validity: int, uid: int) -> None:
    """Everything up to this one is kept."""
    row = Mailbox.objects.filter(pk=mailbox_id)
    row.update(uid_validity=uid_validity, last_uid=uid)
    row.filter(connected_at=None).update(connected_at=at)


def note_looked(*, at: datetime, mailbox_id: UUID, error: str = "") -> None:
    """`error` empty: all of it was read. Since when it cannot be read stays until it can."""
    row = Mailbox.objects.filter(pk=mailbox_id)
    if not error:
        row.update(read_at=at, read_after=at + EVERY, error="", failed_at=None)
        return
    row.update(read_after=at + AFTER_FAILURE, error=error[:_LONGEST])
    row.filter(failed_at=None).update(failed_at=at)
