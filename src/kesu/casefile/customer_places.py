"""Brings the rows that lists and searches of customers read in line with what is kept, and finds those that are not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from kesu.casefile import customer_keys
from kesu.casefile.estate import room_texts
from kesu.casefile.search_row import line
from kesu.core.pinyin import words_of
from kesu.core.searching import fold
from kesu.store.inserting import insert_many
from kesu.store.models import Customer, CustomerKey, CustomerOfGroup, CustomerPhone, CustomerPlace, CustomerRoom

CHUNK: Final = 2000
_ROOMS_SHOWN: Final = 3
_TOLD: Final = ("customer_id", "unit_id", "place", "kind", "groups", "name", "rooms", "last", "is_erased", "text")
_GROUPS: Final = """
INSERT INTO store_customerofgroup (row_id, name, kind, place)
SELECT id, unnest(groups), kind, place FROM store_customerplace WHERE customer_id = ANY(%s)
"""


@dataclass(slots=True)
class _Seen:
    """One customer with those joined to him, as far as places need them. `keys`: by what he may turn out to be another,
    each with the project where it counts."""

    root: Customer
    names: list[str] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    units: dict[UUID, str] = field(default_factory=dict)
    rooms: dict[UUID, list[tuple[str, str, str]]] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    keys: set[tuple[str, UUID]] = field(default_factory=set)


def project(ids: Collection[UUID]) -> None:
    """Of these customers and whoever is joined with them, whose rows the caller has locked. Inside the transaction of
    the change; eight statements for each two thousand, and five for all."""
    ordered = sorted(ids)
    concerned: set[UUID] = set()
    keys: set[customer_keys.Key] = set()
    for start in range(0, len(ordered), CHUNK):
        seen, everybody = _seen(ordered[start : start + CHUNK])
        _write(seen, everybody)
        concerned |= everybody
        keys.update(_keys(seen))
    customer_keys.write(concerned, keys)


def differing(ids: Sequence[UUID]) -> set[UUID]:
    """Whose rows do not say what is kept. For some hundreds at a time; writes nothing."""
    seen, everybody = _seen(ids)
    concerned = list(everybody)
    wanted = {_told(place) for place in _places(seen)}
    rows = CustomerPlace.objects.filter(customer__pk__any=concerned).defer("grams")
    stored = {_told(row): row for row in rows}
    differ = {told[0] for told in wanted ^ stored.keys()}
    held = set(CustomerKey.objects.filter(customer__pk__any=concerned).values_list("key", "customer_id", "unit_id"))
    differ |= {customer for _key, customer, _unit in held ^ set(_keys(seen))}
    of = {row.pk: row for row in stored.values()}
    grouped = CustomerOfGroup.objects.filter(row__pk__any=list(of)).values_list("row_id", "name", "kind", "place")
    groups = {(row.pk, name, row.kind, row.place) for row in of.values() for name in row.groups}
    differ |= {of[row].customer_id for row, *_rest in set(grouped) ^ groups}
    return differ | customer_keys.misjudged(concerned)


def _told(row: CustomerPlace) -> tuple[Any, ...]:
    """What a row says, to compare. Words of sounds are kept without an order."""
    columns = (getattr(row, name) for name in _TOLD)
    told = (tuple(value) if isinstance(value, list) else value for value in columns)
    return (*told, tuple(row.phones), frozenset(str(row.sounds).replace("'", "").split()))


def _seen(ids: Sequence[UUID]) -> tuple[Collection[_Seen], set[UUID]]:
    """And everybody whose rows go with theirs."""
    given = Customer.objects.filter(pk__any=list(ids)).values_list("pk", "merged_into_id")
    roots = {merged or pk for pk, merged in given}
    rows = list(
        Customer.objects.filter(Q(pk__any=list(roots)) | Q(merged_into__pk__any=list(roots))).select_related("unit")
    )
    seen = {row.pk: _Seen(row) for row in rows if row.pk in roots}
    of = {row.pk: seen[row.merged_into_id or row.pk] for row in rows if (row.merged_into_id or row.pk) in seen}
    for row in sorted(rows, key=lambda row: (row.pk not in roots, row.created_at)):
        of[row.pk].names.append(row.name)
        of[row.pk].groups.update(row.groups)
        of[row.pk].units[row.unit_id] = row.unit.path
    _add_rooms(of, {row.pk: row.name for row in rows})
    _add_phones(of)
    return seen.values(), {*of, *ids}


def _write(seen: Collection[_Seen], everybody: Collection[UUID]) -> None:
    concerned = list(everybody)
    old = CustomerPlace.objects.filter(customer__pk__any=concerned)
    CustomerOfGroup.objects.filter(row__in=old).delete()
    old.delete()
    insert_many(list(_places(seen)))
    if any(one.groups for one in seen):
        with connection.cursor() as cursor:
            cursor.execute(_GROUPS, [[one.root.pk for one in seen]])


def _add_rooms(of: dict[UUID, _Seen], names: Mapping[UUID, str]) -> None:
    ties = CustomerRoom.objects.filter(customer__pk__any=list(of), ended_on__isnull=True).order_by("pk")
    columns = ("customer_id", "room_id", "room__project_id", "room__project__path")
    for customer, room, unit, path, *address in ties.values_list(
        *columns, "room__building", "room__entrance", "room__number"
    ):
        building, entrance, number = address
        one = of[customer]
        one.units[unit] = path
        one.rooms.setdefault(unit, []).append((building, entrance, number))
        one.keys.update((customer_keys.of_room(room, name), unit) for name in (names[customer], one.root.name))


def _add_phones(of: dict[UUID, _Seen]) -> None:
    rows = CustomerPhone.objects.filter(customer__pk__any=list(of)).order_by("position", "pk")
    for customer, token, last in rows.values_list("customer_id", "token", "last"):
        of[customer].phones[token] = last


def _keys(seen: Iterable[_Seen]) -> Iterator[customer_keys.Key]:
    """None of somebody whose data were erased."""
    for one in seen:
        if one.root.erased_at is None:
            phones = ((customer_keys.of_phone(token), unit) for token in one.phones for unit in one.units)
            for key, unit in (*phones, *one.keys):
                yield key, one.root.pk, unit


def _places(seen: Iterable[_Seen]) -> Iterator[CustomerPlace]:
    for one in seen:
        for unit, path in one.units.items():
            rooms = [room_texts(*address) for address in one.rooms.get(unit, ())]
            shown = "、".join(texts[-1] for texts in rooms[:_ROOMS_SHOWN]) + ("…" if len(rooms) > _ROOMS_SHOWN else "")
            told = [*one.names, *one.phones.values(), *(text for texts in rooms for text in texts)]
            is_erased = one.root.erased_at is not None
            yield CustomerPlace(
                customer=one.root,
                unit_id=unit,
                place=f"{path}{fold(one.root.name)}",
                kind=one.root.kind,
                groups=sorted(one.groups),
                name=one.root.name,
                rooms=shown[:120],
                last=next(iter(one.phones.values()), ""),
                is_erased=is_erased,
                text="" if is_erased else "".join(map(line, told)),
                sounds="" if is_erased else " ".join(sorted({word for name in one.names for word in words_of(name)})),
                phones=list(one.phones),
            )
