"""Who has the telephones of somebody about to be kept as a new customer, before he is kept twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.customers import places_for
from kesu.access.estate import within
from kesu.access.permissions import Permission
from kesu.casefile import customers
from kesu.casefile.search_text import phone_token

_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Known:
    """`rooms`: those of the project, as lists have them; `phone`: the last figures of his first."""

    id: UUID
    name: str
    kind: str
    project: str
    rooms: str
    phone: str


def perhaps_known(*, actor: Actor, phones: str) -> tuple[Known, ...]:
    """`phones`: as the form has them. Customers in the reader's sight with one of these whole numbers, where he may
    read personal data: elsewhere a number must not tell whose it is. One query, none without a number."""
    tokens = [phone_token(number) for number in customers.split(phones)[: customers.MOST_PHONES]]
    if not tokens or not actor.may(Permission.CUSTOMER_READ):
        return ()
    places = places_for(actor).filter(within(actor, Permission.PERSONAL_READ, "place"), phones__overlap=tokens)
    rows = places.order_by("place", "pk").values_list("customer_id", "name", "kind", "unit__name", "rooms", "last")
    found = {pk: Known(pk, name, kind, project, rooms, f"****{last}") for pk, name, kind, project, rooms, last in rows}
    return tuple(found.values())[:_MOST]
