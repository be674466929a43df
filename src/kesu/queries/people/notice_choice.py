"""How the reader is told: what he chose, and what could be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from kesu.access.actor import Actor
from kesu.casefile.routing import PERSONAL, choice_of
from kesu.store.models import Account


@dataclass(frozen=True, slots=True)
class NoticeChoiceNow:
    """`offered`: every channel by which one person can be reached; `channels`: his, in order; `addresses` beside his
    mail address `email`, which administrators keep."""

    offered: tuple[str, ...]
    channels: tuple[str, ...]
    addresses: Mapping[str, str]
    email: str
    quiet_from: time | None
    quiet_until: time | None
    zone: str
    digest_at: time | None


def notice_choice(*, actor: Actor) -> NoticeChoiceNow:
    account = Account.objects.get(pk=actor.account_id)
    choice = choice_of(account)
    return NoticeChoiceNow(
        offered=PERSONAL,
        channels=tuple(choice.channels),
        addresses=dict(choice.addresses),
        email=account.email,
        quiet_from=choice.quiet_from,
        quiet_until=choice.quiet_until,
        zone=choice.zone,
        digest_at=choice.digest_at,
    )
