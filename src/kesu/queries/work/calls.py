"""The calls that ring on the reader's own line, with the number masked: who may see it whole opens the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.calls import OFFERED, SHOWN, calls_of, number_of
from kesu.core.masking import masked_phone
from kesu.store.models import RingingCall

_MOST: Final = 3
_MOST_OFFERED: Final = 5


@dataclass(frozen=True, slots=True)
class Call:
    """`number`: masked, empty where it is withheld."""

    id: UUID
    number: str
    at: datetime


def ringing(*, actor: Actor, at: datetime) -> tuple[Call, ...]:
    """Those of the last minutes that are not over, newest first. One query."""
    rows = calls_of(actor, at).filter(over_at=None, at__gt=at - SHOWN).order_by("-at")[:_MOST]
    return tuple(_call(one) for one in rows)


def recent_calls(*, actor: Actor, at: datetime) -> tuple[Call, ...]:
    """Those of the last hour, whatever became of them, newest first. One query."""
    rows = calls_of(actor, at).filter(at__gt=at - OFFERED).order_by("-at")[:_MOST_OFFERED]
    return tuple(_call(one) for one in rows)


def _call(row: RingingCall) -> Call:
    return Call(row.pk, masked_phone(number_of(row)), row.at)
