"""Who a telephone number belongs to, for whoever registers a case of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.customers import places_for
from kesu.access.estate import within
from kesu.access.permissions import Permission
from kesu.casefile.estate import room_texts
from kesu.casefile.search_text import phone_token
from kesu.core.searching import whole_phones
from kesu.store.models import CustomerRoom

_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """`rooms`: those of the place where the case is registered, as people write them."""

    id: UUID
    name: str
    kind: str
    rooms: tuple[str, ...]


def known_callers(*, actor: Actor, numbers: Sequence[str], unit_id: UUID) -> tuple[Caller, ...]:
    """Customers in the reader's sight with one of these whole numbers, where he may read personal data. Two queries,
    none while no number is whole."""
    whole = whole_phones(numbers)
    if not whole or not actor.may(Permission.CUSTOMER_READ):
        return ()
    tokens = [phone_token(number) for number in whole]
    places = places_for(actor).filter(within(actor, Permission.PERSONAL_READ, "place"), phones__overlap=tokens)
    found = {row[0]: row for row in places.order_by("pk").values_list("customer_id", "name", "kind")[:_MOST]}
    rooms: dict[UUID, list[str]] = {}
    links = CustomerRoom.objects.filter(
        customer__pk__any=list(found), room__project_id=unit_id, ended_on__isnull=True
    ).order_by("pk")
    address = ("room__building", "room__entrance", "room__number")
    for customer_id, building, entrance, number in links.values_list("customer_id", *address):
        rooms.setdefault(customer_id, []).append(room_texts(building, entrance, number)[0])
    return tuple(Caller(pk, name, kind, tuple(rooms.get(pk, ()))) for pk, name, kind in found.values())
