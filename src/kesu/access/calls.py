"""Calls that ring on somebody's own line: for how long he is told of one, and the number in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from kesu.access.actor import Actor
from kesu.store.keys import ring
from kesu.store.models import RingingCall

SHOWN: Final = timedelta(minutes=3)
OFFERED: Final = timedelta(hours=1)
"""So long the page of registering offers it, taken, put aside or over."""

KEPT: Final = timedelta(days=1)
_SEALED: Final = "ringing"


def calls_of(actor: Actor, now: datetime) -> QuerySet[RingingCall]:
    """His own, and none that is older than a day, whether or not it is gone already."""
    return RingingCall.objects.filter(account_id=actor.account_id, at__gt=now - KEPT)


def seal_number(call: RingingCall, phone: str) -> None:
    call.key_id, call.phone = ring().keep(_SEALED, call.pk.bytes, phone.encode())


def number_of(call: RingingCall) -> str:
    return ring().open(_SEALED, call.pk.bytes, call.key_id, bytes(call.phone)).decode()
