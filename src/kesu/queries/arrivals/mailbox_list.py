"""信箱: which mailboxes are read, how that goes, and what a new one could be for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from kesu.access.actor import Actor
from kesu.access.mails import may_be_known
from kesu.access.openings import kinds_registered
from kesu.access.permissions import Permission
from kesu.store.models import Mailbox, Unit


@dataclass(frozen=True, slots=True)
class MailboxLine:
    """`waiting`: mails of it that wait for somebody to decide, as far as the reader may know of them."""

    id: UUID
    name: str
    address: str
    unit: str
    is_open: bool
    is_read: bool
    read_at: datetime | None
    error: str
    waiting: int


@dataclass(frozen=True, slots=True)
class MailboxList:
    """`units` and `kinds`: what a new one could be made for, identifier or code and name."""

    rows: tuple[MailboxLine, ...]
    units: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]


def mailbox_list(*, actor: Actor, at: datetime) -> MailboxList:
    """By name; those of places in reach. Three queries. Raises `Forbidden`."""
    actor.require(Permission.SOURCES_EDIT)
    within, of_units = Q(pk__in=[]), Q(pk__in=[])
    for path in actor.reach(Permission.SOURCES_EDIT):
        within |= Q(unit__path__startswith=path)
        of_units |= Q(path__startswith=path)
    rows = Mailbox.objects.filter(within).select_related("unit")
    rows = rows.annotate(waiting=Count("mails", filter=Q(mails__state="waiting") & may_be_known(actor, "mails__")))
    lines = (
        MailboxLine(
            one.pk, one.name, one.address, one.unit.name, one.is_open, bool(one.host), one.read_at, one.error,
            one.waiting,
        )
        for one in rows.order_by("name")
    )  # fmt: skip
    units = Unit.objects.filter(of_units, closed_on=None).order_by("path").values_list("pk", "name", "code")
    offered = tuple((pk.hex, f"{name}（{code}）") for pk, name, code in units)
    return MailboxList(tuple(lines), offered, kinds_registered(at))
