"""来信: the mails that came into the mailboxes of the reader's places, those first that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from kesu.access.actor import Actor
from kesu.access.mails import mails_for, reads_mails
from kesu.casefile.mail_desk import head_of
from kesu.store.models import InboundMail
from kesu.store.models.mail import MailState

SIZE: Final = 50
TABS: Final = {
    "waiting": (MailState.WAITING,),
    "done": (MailState.OPENED, MailState.ADDED),
    "automatic": (MailState.AUTOMATIC, MailState.BOUNCE),
    "nothing": (MailState.NOTHING,),
}


@dataclass(frozen=True, slots=True)
class MailLine:
    """`sender` and `subject` empty where they could not be read."""

    id: UUID
    at: datetime
    sender: str
    address: str
    subject: str
    mailbox: str
    state: str
    why: str
    files: int


@dataclass(frozen=True, slots=True)
class MailList:
    tab: str
    counts: dict[str, int]
    rows: tuple[MailLine, ...]
    page: int
    pages: int


def mail_list(*, actor: Actor, tab: str = "", page: int = 1) -> MailList:
    """Those that wait the oldest first, the others the newest first, fifty a page. Two queries. Raises `Forbidden`."""
    tab = tab if tab in TABS else "waiting"
    mails = mails_for(actor)
    counts = mails.aggregate(**{name: Count("pk", filter=Q(state__in=states)) for name, states in TABS.items()})
    pages = max(1, -(-counts[tab] // SIZE))
    page = min(max(page, 1), pages)
    rows = mails.filter(state__in=TABS[tab]).select_related("mailbox")
    rows = rows.order_by(*(("at", "pk") if tab == "waiting" else ("-at", "-pk")))
    return MailList(tab, counts, _lines(rows[(page - 1) * SIZE : page * SIZE]), page, pages)


def waiting_mails(*, actor: Actor) -> int | None:
    """How many wait for him; None where nothing of his comes in by mail. One query."""
    if not reads_mails(actor):
        return None
    found = mails_for(actor).aggregate(all=Count("pk"), waiting=Count("pk", filter=Q(state=MailState.WAITING)))
    return found["waiting"] if found["all"] else None


def _lines(rows: Iterable[InboundMail]) -> tuple[MailLine, ...]:
    found = []
    for row in rows:
        head = head_of(row)
        found.append(
            MailLine(
                row.pk, row.at, head.name, head.address, head.subject, row.mailbox.name, row.state, row.why, row.files
            )
        )
    return tuple(found)
