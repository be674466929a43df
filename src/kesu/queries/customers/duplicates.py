"""Rows that may be one person: the same telephone, or the same name in the same room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, F, Func, QuerySet

from kesu.access.actor import Actor
from kesu.access.customers import places_for
from kesu.access.estate import within
from kesu.access.permissions import Permission
from kesu.store.models import CustomerPlace, CustomerRoom

MOST: Final = 50
Places = QuerySet[CustomerPlace]


@dataclass(frozen=True, slots=True)
class Suspect:
    id: UUID
    name: str
    project: str
    rooms: str
    phone: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`why`: ``phone`` or ``room``."""

    why: str
    people: tuple[Suspect, ...]


def duplicates(*, actor: Actor) -> tuple[Duplicate, ...]:
    """Fifty of each at most, where the reader may read personal data. Four queries, each over all customers in his
    reach: for a page that is opened now and then. Raises `Forbidden`."""
    actor.require(Permission.CUSTOMER_EDIT)
    reach = within(actor, Permission.PERSONAL_READ, "place") & within(actor, Permission.CUSTOMER_EDIT, "place")
    places = places_for(actor).filter(reach, is_erased=False)
    found = {"phone": _by_phone(places), "room": _by_room(actor, places)}
    return _distinct([(why, group) for why, groups in found.items() for group in groups])


def _by_phone(places: Places) -> list[list[CustomerPlace]]:
    each = places.annotate(token=Func(F("phones"), function="unnest")).values("token")
    shared = each.annotate(n=Count("customer", distinct=True)).filter(n__gt=1).order_by("token")
    groups: dict[str, list[CustomerPlace]] = {row["token"]: [] for row in shared[:MOST]}
    for place in _shown(places.filter(phones__overlap=list(groups))) if groups else ():
        for token in set(place.phones).intersection(groups):
            groups[token].append(place)
    return list(groups.values())


def _by_room(actor: Actor, places: Places) -> list[list[CustomerPlace]]:
    links = CustomerRoom.objects.filter(
        within(actor, Permission.CUSTOMER_EDIT, "room__place"),
        ended_on__isnull=True,
        customer__merged_into__isnull=True,
    )
    twice = links.values("room_id", "customer__name").annotate(n=Count("customer", distinct=True)).filter(n__gt=1)
    groups: dict[tuple[UUID, str], list[CustomerPlace]] = {
        (row["room_id"], row["customer__name"]): [] for row in twice.order_by("room_id")[:MOST]
    }
    living = links.filter(room__pk__any=[room for room, _name in groups]).values_list("customer_id", "room_id")
    lives: dict[UUID, list[UUID]] = {}
    for customer_id, room_id in living:
        lives.setdefault(customer_id, []).append(room_id)
    for place in _shown(places.filter(customer__pk__any=list(lives))) if lives else ():
        for room_id in lives[place.customer_id]:
            groups.get((room_id, place.name), []).append(place)
    return list(groups.values())


def _shown(places: Places) -> list[CustomerPlace]:
    return list(places.select_related("unit").defer("text", "grams").order_by("place", "pk"))


def _distinct(found: list[tuple[str, list[CustomerPlace]]]) -> tuple[Duplicate, ...]:
    """The same people are named once, for the first reason."""
    seen: set[frozenset[UUID]] = set()
    told: list[Duplicate] = []
    for why, group in found:
        people = {place.customer_id: place for place in group}
        if len(people) > 1 and frozenset(people) not in seen:
            seen.add(frozenset(people))
            told.append(Duplicate(why, tuple(map(_suspect, people.values()))))
    return tuple(told)


def _suspect(place: CustomerPlace) -> Suspect:
    return Suspect(
        place.customer_id, place.name, place.unit.name, place.rooms, f"****{place.last}" if place.last else ""
    )
