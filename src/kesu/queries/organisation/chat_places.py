"""工作群: which groups of work chats are told of what is urgent, and for which units one could be set."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.routing import ROBOTS
from kesu.store.models import ChatPlace, Unit


@dataclass(frozen=True, slots=True)
class ChatPlaceLine:
    id: UUID
    name: str
    channel: str
    unit: str
    tells_words: bool


@dataclass(frozen=True, slots=True)
class ChatPlaceList:
    """`units`: identifier and name; `channels`: those whose robots can be set."""

    rows: tuple[ChatPlaceLine, ...]
    units: tuple[tuple[str, str], ...]
    channels: tuple[str, ...] = ROBOTS


def chat_places(*, actor: Actor) -> ChatPlaceList:
    """By name; those of units in reach. Two queries. Raises `Forbidden`."""
    actor.require(Permission.SOURCES_EDIT)
    within, of_units = Q(pk__in=[]), Q(pk__in=[])
    for path in actor.reach(Permission.SOURCES_EDIT):
        within |= Q(unit__path__startswith=path)
        of_units |= Q(path__startswith=path)
    rows = ChatPlace.objects.filter(within, removed_at=None).select_related("unit").order_by("name", "pk")
    units = Unit.objects.filter(of_units, closed_on=None).order_by("path").values_list("pk", "name", "code")
    return ChatPlaceList(
        tuple(ChatPlaceLine(one.pk, one.name, one.channel, one.unit.name, one.tells_words) for one in rows),
        tuple((pk.hex, f"{name}（{code}）") for pk, name, code in units),
    )
