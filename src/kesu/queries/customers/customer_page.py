"""One customer on one page: his rooms, purchases, consents, cases, who changed and who read what. Telephones and what
is told about him stay hidden until somebody has them shown (`show_customer`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.customers import Reached, cases_at, customer_for, places_for, similar_to
from kesu.access.permissions import Permission
from kesu.casefile import customers
from kesu.casefile.estate import room_texts
from kesu.core.masking import masked_name
from kesu.store.models import Consent, Customer, CustomerChange, CustomerPhone, CustomerReading, CustomerRoom, Purchase

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class RoomLine:
    """`room_id` None: a room that the reader may not open."""

    link: int
    room_id: UUID | None
    project: str
    room: str
    kind: str
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    bought_on: date
    place: str
    amount: str
    contract: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    id: int
    purpose: str
    how: str
    given_on: date
    withdrawn_on: date | None
    withdrawn_how: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    id: UUID
    number: str
    title: str
    unit: str
    stage: str
    is_final: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ChangeLine:
    id: int
    at: datetime
    who: str
    act: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingLine:
    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Another row: joined to this one, or perhaps the same person (`why`: ``phone`` or ``room``; ``apart``:
    somebody said that it is another)."""

    id: UUID
    name: str
    project: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class CustomerRights:
    edit: bool
    erase: bool
    show: bool


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """`phones` are masked. `has_details`: something more is told about him. `cases` are empty for readers without the
    right to personal data: a number must not tell them whose case it is (`rights.show`)."""

    id: UUID
    name: str
    kind: str
    project: str
    project_id: str
    phones: tuple[str, ...]
    has_details: bool
    groups: tuple[str, ...]
    preferences: Mapping[str, Any]
    created_at: datetime
    erased_at: datetime | None
    rooms: tuple[RoomLine, ...]
    purchases: tuple[PurchaseLine, ...]
    consents: tuple[ConsentLine, ...]
    cases: tuple[CaseLine, ...]
    changes: tuple[ChangeLine, ...]
    readings: tuple[ReadingLine, ...]
    joined: tuple[OtherLine, ...]
    similar: tuple[OtherLine, ...]
    rights: CustomerRights


def customer_page(*, actor: Actor, customer_id: UUID) -> CustomerPage:
    """A fixed number of queries, one more for each row joined to him. Raises `NotFound`."""
    reached = customer_for(actor, customer_id)
    row, sees = reached.row, reached.may(actor, Permission.PERSONAL_READ)
    found = customers.members(row)
    ids = [one.pk for one in found]
    phones = list(CustomerPhone.objects.filter(customer_id__in=ids).order_by("position", "pk"))
    tokens = [phone.token for phone in phones]
    may_edit = reached.may(actor, Permission.CUSTOMER_EDIT)
    return CustomerPage(
        id=row.pk,
        name=row.name if sees else masked_name(row.name),
        kind=row.kind,
        project=row.unit.name,
        project_id=row.unit_id.hex,
        phones=tuple(dict.fromkeys(f"****{phone.last}" for phone in phones)) if sees else (),
        has_details=any(one.details for one in found),
        groups=tuple(row.groups),
        preferences=row.preferences,
        created_at=row.created_at,
        erased_at=row.erased_at,
        rooms=tuple(_rooms(actor, ids)),
        purchases=tuple(_purchases(found)) if sees else (),
        consents=tuple(_consents(ids)),
        cases=tuple(_cases(actor, tokens)) if sees else (),
        changes=tuple(_changes(ids)),
        readings=tuple(_readings(ids)),
        joined=tuple(OtherLine(one.pk, _name(one, sees=sees), one.unit.name) for one in found[1:]),
        similar=tuple(_similar(actor, row)) if may_edit and sees else (),
        rights=_rights(actor, reached),
    )


def _rights(actor: Actor, reached: Reached) -> CustomerRights:
    is_there = reached.row.erased_at is None
    return CustomerRights(
        edit=is_there and reached.may(actor, Permission.CUSTOMER_EDIT),
        erase=is_there and reached.may(actor, Permission.CUSTOMER_ERASE),
        show=is_there and reached.may(actor, Permission.PERSONAL_READ),
    )


def _name(row: Customer, *, sees: bool) -> str:
    return row.name if sees else masked_name(row.name)


def _rooms(actor: Actor, ids: Sequence[UUID]) -> Iterator[RoomLine]:
    ties = CustomerRoom.objects.filter(customer_id__in=ids).select_related("room__project")
    for tie in ties.order_by("ended_on", "pk")[:_MOST]:
        room, path = tie.room, tie.room.project.path
        if actor.may_at(Permission.CUSTOMER_READ, path):
            named = room_texts(room.building, room.entrance, room.number)[0]
            opens = room.pk if actor.may_at(Permission.ROOM_READ, path) else None
            yield RoomLine(tie.pk, opens, room.project.name, named, tie.kind, tie.ended_on)


def _purchases(found: Sequence[Customer]) -> Iterator[PurchaseLine]:
    keys = {one.pk: (one, customers.key_of(one)) for one in found if one.erased_at is None}
    for row in Purchase.objects.filter(customer_id__in=list(keys)).order_by("-bought_on", "-pk")[:_MOST]:
        told = customers.opened(*keys[row.customer_id], row.sealed)
        yield PurchaseLine(row.bought_on, told["place"], told["amount"], told["contract"])


def _consents(ids: Sequence[UUID]) -> Iterator[ConsentLine]:
    for row in Consent.objects.filter(customer_id__in=ids).order_by("-given_on", "-pk")[:_MOST]:
        yield ConsentLine(row.pk, row.purpose, row.how, row.given_on, row.withdrawn_on, row.withdrawn_how)


def _cases(actor: Actor, tokens: Sequence[str]) -> Iterator[CaseLine]:
    for card in cases_at(actor, tokens)[:_MOST]:
        yield CaseLine(
            card.pk, card.number, card.title, card.unit.name, card.stage_name, card.is_final, card.received_at
        )


def _changes(ids: Sequence[UUID]) -> Iterator[ChangeLine]:
    rows = CustomerChange.objects.filter(customer_id__in=ids).select_related("account").order_by("-pk")
    for row in rows[:_MOST]:
        yield ChangeLine(row.pk, row.at, row.account.name, row.act, tuple(row.fields))


def _readings(ids: Sequence[UUID]) -> Iterator[ReadingLine]:
    rows = CustomerReading.objects.filter(customer_id__in=ids).select_related("account").order_by("-pk")
    for row in rows[:_MOST]:
        yield ReadingLine(row.at, row.account.name, row.what)


def _similar(actor: Actor, row: Customer) -> Iterator[OtherLine]:
    """Names in clear where the actor may read them there."""
    why = similar_to(actor, row.pk)
    seen: set[UUID] = set()
    places = places_for(actor).filter(customer_id__in=list(why)).select_related("unit").defer("text", "grams")
    for place in places.order_by("place", "pk"):
        if place.customer_id not in seen:
            seen.add(place.customer_id)
            is_clear = actor.may_at(Permission.PERSONAL_READ, place.unit.path)
            name = place.name if is_clear else masked_name(place.name)
            yield OtherLine(place.customer_id, name, place.unit.name, why[place.customer_id])
