"""Mails that became no part of a case are kept as long as their mailbox says, and no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from kesu.casefile.mail_desk import NO_CASE
from kesu.store.models import InboundMail, InboundMailContent, Mailbox

_MOST: Final = 5_000
"""Of a night; the next one goes on."""
_AT_ONCE: Final = 500


def clear_mails(_night: date, at: datetime) -> Mapping[str, Any]:
    """Returns how many there were, and how many mailboxes have more for the next night. Of each mail its key alone is
    left: by that it is known should its server show it once more."""
    cleared, more = 0, 0
    for mailbox_id, days in Mailbox.objects.order_by("pk").values_list("pk", "keeps_days"):
        over = at - timedelta(days=days)
        while found := _over(mailbox_id, over, min(_AT_ONCE, _MOST - cleared)):
            _clear(found, at)
            cleared += len(found)
        more += bool(_over(mailbox_id, over, 1))
    return {"mails": cleared, "mailboxes_left": more}


def _over(mailbox_id: UUID, over: datetime, most: int) -> list[UUID]:
    """The oldest; locked, so that nobody takes one up again meanwhile."""
    rows = InboundMail.objects.filter(mailbox_id=mailbox_id, state__in=NO_CASE, cleared_at=None, settled_at__lte=over)
    locked = rows.order_by("settled_at", "pk").select_for_update(skip_locked=True, of=("self",))
    return list(locked.values_list("pk", flat=True)[:most])


def _clear(mails: list[UUID], at: datetime) -> None:
    InboundMailContent.objects.filter(mail_id__in=mails).delete()
    InboundMail.objects.filter(pk__in=mails).update(
        cleared_at=at,
        message_token="",
        sender_token="",
        lacking=[],
        case=None,
        message=None,
        settled_by=None,
        size=0,
        files=0,
        key_id="",
        head=b"",
    )
