"""The calls that ring on the reader's own line, with the number masked: who may see it whole opens the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.calls import SHOWN, calls_of, number_of
from kesu.core.masking import masked_phone

_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Call:
    """`number`: masked, empty where it is withheld."""

    id: UUID
    number: str
    at: datetime


def ringing(*, actor: Actor, at: datetime) -> tuple[Call, ...]:
    """Those of the last minutes that are not over, newest first. One query."""
    rows = calls_of(actor, at).filter(over_at=None, at__gt=at - SHOWN).order_by("-at")[:_MOST]
    return tuple(Call(one.pk, masked_phone(number_of(one)), one.at) for one in rows)
