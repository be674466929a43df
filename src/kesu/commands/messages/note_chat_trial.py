"""Somebody tries out a group of a work chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import chat_place_for
from kesu.casefile import house
from kesu.casefile.routing import settings_of


@dataclass(frozen=True, slots=True)
class ChatTrial:
    """What a robot is made of: `settings` hold its address and secret, for whoever sends and nobody else."""

    name: str
    channel: str
    settings: Mapping[str, str] = field(repr=False)


@transaction.atomic
def note_chat_trial(*, actor: Actor, at: datetime, place_id: UUID) -> ChatTrial:
    """Before it is sent, as `note_trial`: every trial stands in the record, whatever becomes of it. Raises `Forbidden`,
    and `NotFound` for a group that is not in reach or has been taken away."""
    place = chat_place_for(actor, place_id)
    told = {"carrier": place.channel, "unit": place.unit.name}
    house.record("channel.tried", at=at, by=actor.account_id, subject=place.pk, name=place.name, after=told)
    return ChatTrial(place.name, place.channel, settings_of(place))
