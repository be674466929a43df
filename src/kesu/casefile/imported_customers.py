"""Customers of a file against those that are there, recognised by their telephone. And the writing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile import customer_places, customers
from kesu.casefile.customers import Person
from kesu.casefile.imported import CUSTOMERS, Wrong, told_of, wrong_of
from kesu.casefile.imported_rooms import Address, address_of
from kesu.casefile.search_text import phone_token
from kesu.core.errors import Unacceptable
from kesu.core.importing import Line
from kesu.store.inserting import insert_many
from kesu.store.models import Customer, CustomerChange, CustomerPhone, CustomerRoom, Room, Unit

_STATED: Final = ("name", "kind", "details", "groups", "preferences")
_ROOM: Final = ("building", "entrance", "number")


@dataclass(slots=True)
class _Told:
    """What the lines of one telephone say together."""

    unit: Unit
    number: str
    given: dict[str, str]
    lines: list[Line] = field(default_factory=list)
    rooms: dict[UUID, str] = field(default_factory=dict)


@dataclass(slots=True)
class Customers:
    """What is to be written. `moved`: whose rows in lists must follow."""

    new: list[Customer] = field(default_factory=list)
    changed: list[Customer] = field(default_factory=list)
    renumbered: list[UUID] = field(default_factory=list)
    phones: list[CustomerPhone] = field(default_factory=list)
    changes: list[CustomerChange] = field(default_factory=list)
    links: list[CustomerRoom] = field(default_factory=list)
    relinked: list[CustomerRoom] = field(default_factory=list)
    groups: dict[Unit, set[str]] = field(default_factory=dict)
    moved: set[UUID] = field(default_factory=set)
    wrong: list[Wrong] = field(default_factory=list)
    told: int = 0

    def counts(self) -> dict[str, int]:
        new = len(self.new)
        return {"new": new, "changed": len(self.moved) - new, "same": self.told - len(self.moved)}


def first_tokens(lines: Sequence[Line]) -> set[str]:
    """The telephones by which customers of the lines are recognised."""
    numbers = (customers.split(line.cells.get("phones", ""))[:1] for line in lines)
    return {phone_token(number[0]) for number in numbers if number}


def check_customers(
    lines: Sequence[Line],
    projects: Mapping[str, Unit],
    rooms: Mapping[Address, Room],
    known: Mapping[str, Sequence[Customer]],
    *,
    at: datetime,
    by: UUID,
    tell: Callable[[int], None],
) -> Customers:
    """`projects`: those whose customers may be imported, by name; `known`: customers in reach by the token of a
    telephone; `tell` hears how many lines are through. Two queries. Nothing is written."""
    found = Customers()
    told = _told(told_of(lines, tell), projects, rooms, found)
    found.told = len(told)
    held = _held(row for rows in known.values() for row in rows)
    links = _links(row for rows in known.values() for row in rows)
    for token, one in told.items():
        rows = known.get(token, ())
        if len(rows) > 1:
            rows = [row for row in rows if row.name == one.given["name"]]
            if len(rows) != 1:
                found.wrong.append(Wrong(CUSTOMERS, one.lines[0].number, "phones", "phone_of_many"))
                continue
        row = rows[0] if rows else None
        if row is not None and row.name != one.given["name"]:
            found.wrong.append(Wrong(CUSTOMERS, one.lines[0].number, "name", "name_differs"))
            continue
        row = _take(found, one, row, held, at=at, by=by)
        _link(found, row, one.rooms, links.get(row.pk, {}))
    return found


def _told(
    lines: Iterable[Line], projects: Mapping[str, Unit], rooms: Mapping[Address, Room], found: Customers
) -> dict[str, _Told]:
    """By token of the first telephone; what is wrong with a line is noted."""
    told: dict[str, _Told] = {}
    for line in lines:
        wrong: list[Wrong] = []
        unit = projects.get(line.cells.get("project", ""))
        if unit is None:
            wrong.append(Wrong(CUSTOMERS, line.number, "project", "project_unknown"))
        try:
            person: Person | None = customers.read_person(line.cells)
        except Unacceptable as refused:
            person = None
            wrong.extend(wrong_of(CUSTOMERS, line, refused))
        if person is not None and not person.phones:
            wrong.append(Wrong(CUSTOMERS, line.number, "phones", "text_missing"))
        room = _room(line, unit, rooms, wrong)
        if wrong or unit is None or person is None:
            found.wrong.extend(wrong)
            continue
        token = phone_token(person.phones[0])
        one = told.setdefault(token, _Told(unit, person.phones[0], {}))
        if one.given and one.given["name"] != person.name:
            found.wrong.append(Wrong(CUSTOMERS, line.number, "name", "name_differs"))
            continue
        given = customers.given_of(person)
        phones = dict.fromkeys((*customers.split(one.given.get("phones", "")), *person.phones))
        one.given = {**given, **one.given, "phones": "，".join(phones)}
        one.lines.append(line)
        if room is not None:
            one.rooms[room.pk] = person.kind
    return told


def _room(line: Line, unit: Unit | None, rooms: Mapping[Address, Room], wrong: list[Wrong]) -> Room | None:
    if unit is None or not any(line.cells.get(name) for name in _ROOM):
        return None
    room = rooms.get(address_of(unit, line.cells))
    if room is None:
        wrong.append(Wrong(CUSTOMERS, line.number, "number", "room_unknown"))
    return room


def _held(rows: Iterable[Customer]) -> dict[UUID, list[CustomerPhone]]:
    held: dict[UUID, list[CustomerPhone]] = {}
    ids = list({row.pk for row in rows})
    for phone in CustomerPhone.objects.filter(customer__pk__any=ids):
        held.setdefault(phone.customer_id, []).append(phone)
    return held


def _links(rows: Iterable[Customer]) -> dict[UUID, dict[UUID, CustomerRoom]]:
    links: dict[UUID, dict[UUID, CustomerRoom]] = {}
    ids = list({row.pk for row in rows})
    for link in CustomerRoom.objects.filter(customer__pk__any=ids, ended_on__isnull=True):
        links.setdefault(link.customer_id, {})[link.room_id] = link
    return links


def _take(
    found: Customers,
    one: _Told,
    row: Customer | None,
    held: Mapping[UUID, Sequence[CustomerPhone]],
    *,
    at: datetime,
    by: UUID,
) -> Customer:
    """An empty cell leaves what is there as it is; a telephone more is added."""
    if row is None:
        row, key = customers.new_customer(one.unit, at)
        before, person = None, customers.read_person(one.given)
        found.new.append(row)
    else:
        key = customers.key_of(row)
        before = customers.person_of(row, key, held.get(row.pk, ()))
        phones = dict.fromkeys((*before.phones, *customers.split(one.given["phones"])))
        stated = {**customers.given_of(before), **one.given, "phones": "，".join(phones)}
        person = customers.read_person(stated)
        if person == before:
            return row
        found.changed.append(row)
    rows = customers.state(row, key, person)
    if before is None or before.phones != person.phones:
        found.renumbered.append(row.pk)
        found.phones.extend(rows)
    told = before.document() if before else {}
    after = person.document()
    found.changes.append(
        customers.change_row(row, key, at=at, by=by, act="customer.imported", before=told, after=after)
    )
    found.groups.setdefault(row.unit, set()).update(person.groups)
    found.moved.add(row.pk)
    return row


def _link(found: Customers, row: Customer, rooms: Mapping[UUID, str], linked: Mapping[UUID, CustomerRoom]) -> None:
    for room_id, kind in rooms.items():
        link = linked.get(room_id)
        if link is None:
            found.links.append(CustomerRoom(customer_id=row.pk, room_id=room_id, kind=kind))
            found.moved.add(row.pk)
        elif link.kind != kind:
            link.kind = kind
            found.relinked.append(link)
            found.moved.add(row.pk)


def write_customers(found: Customers) -> None:
    """A statement for each thousand."""
    insert_many(found.new)
    Customer.objects.bulk_update(found.changed, _STATED, batch_size=500)
    old = set(found.renumbered) - {row.pk for row in found.new}
    CustomerPhone.objects.filter(customer__pk__any=list(old)).delete()
    insert_many(found.phones)
    insert_many(found.changes)
    insert_many(found.links)
    CustomerRoom.objects.bulk_update(found.relinked, ["kind"], batch_size=500)
    for unit, names in found.groups.items():
        customers.keep_groups(unit, names)
    customer_places.project(found.moved)
