"""Asks the other side whether a message that it took has reached the device, and notes what it says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from django.db import transaction

from kesu.casefile.outgoing import kept_shown
from kesu.casefile.passing_on import pass_on
from kesu.store.models import OutboxMessage

_ASKED_FOR: Final = timedelta(hours=72)
"""Networks tell within three days, or never."""
_SHORTEST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(hours=6)


class NotAsked(Exception):
    """The other side could not be asked. `wait`: how long it asked to be left alone."""

    def __init__(self, wait: timedelta | None = None) -> None:
        super().__init__()
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Report:
    """Neither: it is not known yet. `why` it did not arrive, in the other side's words."""

    is_there: bool = False
    is_lost: bool = False
    why: str = ""


class Asker(Protocol):
    """`asked`: the channels that can be asked; `channels`: all that carry. Raises `NotAsked`."""

    @property
    def channels(self) -> Collection[str]: ...

    @property
    def asked(self) -> Collection[str]: ...

    def arrival(self, *, channel: str, to: str, called: str, sent_at: datetime) -> Report: ...


@transaction.atomic
def ask_one(*, at: datetime, asker: Asker) -> bool:
    """Of the next message whose turn it is; False when there is none. One that is lost goes on by the person's next
    channel, or stands under 没有送达. Whoever is killed in the middle leaves it to be asked again."""
    rows = OutboxMessage.objects.filter(ask_at__lte=at, channel__in=asker.asked).order_by("ask_at", "id")
    message = rows.select_related("case", "account").select_for_update(skip_locked=True, of=("self",)).first()
    if message is None:
        return False
    sent_at = message.sent_at
    if message.state != "sent" or sent_at is None or at - sent_at > _ASKED_FOR:
        message.ask_at = None
    else:
        _ask(message, asker, sent_at, at)
    message.save(update_fields=["state", "error", "ask_at", "arrived_at"])
    return True


def _ask(message: OutboxMessage, asker: Asker, sent_at: datetime, at: datetime) -> None:
    usual = min(max(at - sent_at, _SHORTEST), _LONGEST)
    message.ask_at = at + usual
    try:
        said = asker.arrival(channel=message.channel, to=kept_shown(message).to, called=message.called, sent_at=sent_at)
    except NotAsked as failed:
        message.ask_at = at + max(failed.wait or usual, usual)
        return
    if said.is_there:
        message.arrived_at, message.ask_at = at, None
    elif said.is_lost:
        message.error, message.ask_at = said.why[:200], None
        pass_on(message, asker.channels, at)


def next_ask_at(*, asker: Asker) -> datetime | None:
    rows = OutboxMessage.objects.filter(ask_at__isnull=False, channel__in=asker.asked).order_by("ask_at", "id")
    return rows.values_list("ask_at", flat=True).first()
