"""What a telephone number was registered with before, for whoever answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.customers import cases_at
from kesu.casefile.search_text import phone_token
from kesu.core.searching import whole_phones
from kesu.store.models import CaseCard

_MOST_OPEN: Final = 6
_MOST_PAST: Final = 4


@dataclass(frozen=True, slots=True)
class EarlierCase:
    id: UUID
    number: str
    title: str
    unit: str
    stage: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CallsBefore:
    """Of a number: the cases that go on and those that are over, the newest first. `more_open` and `more_past` count
    those that are not listed."""

    open: tuple[EarlierCase, ...] = ()
    past: tuple[EarlierCase, ...] = ()
    more_open: int = 0
    more_past: int = 0


def calls_before(*, actor: Actor, numbers: Sequence[str]) -> CallsBefore:
    """Cases that the reader may see, at places where he may read personal data: who complained is what the number
    would tell him. Two queries, none while no number is whole."""
    whole = whole_phones(numbers)
    cards = cases_at(actor, [phone_token(number) for number in whole]) if whole else ()
    is_open = [card for card in cards if not card.is_final]
    is_past = [card for card in cards if card.is_final]
    return CallsBefore(
        tuple(map(_line, is_open[:_MOST_OPEN])),
        tuple(map(_line, is_past[:_MOST_PAST])),
        max(0, len(is_open) - _MOST_OPEN),
        max(0, len(is_past) - _MOST_PAST),
    )


def _line(card: CaseCard) -> EarlierCase:
    return EarlierCase(card.pk, card.number, card.title, card.unit.name, card.stage_name, card.received_at)
