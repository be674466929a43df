"""A mail has come in: it is kept as it came, and sorted afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.casefile import mail_desk
from kesu.core.errors import NotFound
from kesu.store.bell import ring_bell
from kesu.store.models import Mailbox


@transaction.atomic
def keep_mail(*, at: datetime, mailbox_id: UUID, content: bytes, arrived_at: datetime | None = None) -> bool:
    """Whatever it is, and once: False for one that is here already, by whatever way it came. `arrived_at`: when the
    mail server had it, from then on limits run; None: now. Raises `NotFound` for a mailbox that is shut or gone."""
    mailbox = Mailbox.objects.filter(pk=mailbox_id, is_open=True).first()
    if mailbox is None:
        raise NotFound
    kept = mail_desk.keep(mailbox, content, arrived_at=arrived_at or at, now=at)
    if kept is not None:
        ring_bell()
    return kept is not None
