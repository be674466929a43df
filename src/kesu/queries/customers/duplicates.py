"""Rows that may be one person: the same telephone, or the same name in the same room."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from kesu.access.actor import Actor
from kesu.access.customers import apart_among, places_for, suspected_for
from kesu.access.estate import within
from kesu.access.permissions import Permission
from kesu.casefile import customer_keys
from kesu.store.models import CustomerKey

MOST: Final = 50
_MOST_PEOPLE: Final = 10
_MOST_COMPARED: Final = 100
"""Nobody tells so many apart one by one."""


@dataclass(frozen=True, slots=True)
class Suspect:
    id: UUID
    name: str
    project: str
    rooms: str
    phone: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`why`: ``phone`` or ``room``. `people`: the first ten; `more`: how many there are besides."""

    why: str
    people: tuple[Suspect, ...]
    more: int


def duplicates(*, actor: Actor) -> tuple[Duplicate, ...]:
    """Fifty of each at most, where the reader may read personal data and change customers. Six queries over what is
    shared and shown, however many customers there are. Raises `Forbidden`."""
    actor.require(Permission.CUSTOMER_EDIT)
    shared = suspected_for(actor)
    keys = [key for kind in customer_keys.WHY for key in _twice(shared, kind)]
    groups: dict[str, list[UUID]] = {key: [] for key in keys}
    members = shared.filter(key__any=keys).values_list("key", "customer_id").distinct()
    for key, pk in members.order_by("key", "customer"):
        groups[key].append(pk)
    return tuple(_told(actor, _one_by_one(groups)))


def _twice(shared: QuerySet[CustomerKey], kind: str) -> QuerySet[CustomerKey, str]:
    """Keys of a kind that two customers in reach have."""
    several = shared.filter(key__startswith=kind).values("key").annotate(n=Count("customer", distinct=True))
    return several.filter(n__gt=1).order_by("key").values_list("key", flat=True)[:MOST]


def _one_by_one(groups: Mapping[str, Sequence[UUID]]) -> dict[tuple[UUID, ...], str]:
    """Groups with what speaks for them. The same people are named once, for the first reason; nobody who was told
    apart from all others."""
    everybody = list({pk for group in groups.values() for pk in group})
    apart = apart_among(everybody, everybody)
    told: dict[tuple[UUID, ...], str] = {}
    for key, group in groups.items():
        whole = len(group) > _MOST_COMPARED
        people = [one for one in group if whole or any(_may_be_one(one, other, apart) for other in group)]
        if len(people) > 1:
            told.setdefault(tuple(people), customer_keys.WHY[key[0]])
    return told


def _may_be_one(one: UUID, other: UUID, apart: Collection[tuple[UUID, UUID]]) -> bool:
    return one != other and (min(one, other), max(one, other)) not in apart


def _told(actor: Actor, groups: Mapping[tuple[UUID, ...], str]) -> Iterator[Duplicate]:
    reach = within(actor, Permission.PERSONAL_READ, "place") & within(actor, Permission.CUSTOMER_EDIT, "place")
    named = list({pk for people in groups for pk in people[:_MOST_PEOPLE]})
    rows = places_for(actor).filter(reach, customer__pk__any=named).order_by("place", "pk")
    shown: dict[UUID, Suspect] = {}
    for pk, name, project, rooms, last in rows.values_list("customer_id", "name", "unit__name", "rooms", "last"):
        shown.setdefault(pk, Suspect(pk, name, project, rooms, f"****{last}" if last else ""))
    for people, why in groups.items():
        yield Duplicate(
            why, tuple(shown[pk] for pk in people[:_MOST_PEOPLE] if pk in shown), len(people[_MOST_PEOPLE:])
        )
