"""Brings the rows that lists and searches of customers read in line with what is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import Q

from kesu.casefile.estate import room_texts
from kesu.casefile.search_row import line
from kesu.core.searching import fold
from kesu.store.inserting import insert_many
from kesu.store.models import Customer, CustomerPhone, CustomerPlace, CustomerRoom

_CHUNK: Final = 2000
_ROOMS_SHOWN: Final = 3


@dataclass(slots=True)
class _Seen:
    """One customer with those joined to him, as far as places need them."""

    root: Customer
    names: list[str] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    units: dict[UUID, str] = field(default_factory=dict)
    rooms: dict[UUID, list[tuple[str, str, str]]] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)


def project(ids: Collection[UUID]) -> None:
    """Of these customers and whoever is joined with them. Inside the transaction of the change; six statements for
    each two thousand."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        _project(ordered[start : start + _CHUNK])


def _project(ids: Sequence[UUID]) -> None:
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
    _add_rooms(of)
    _add_phones(of)
    CustomerPlace.objects.filter(customer__pk__any=[*of, *ids]).delete()
    insert_many(list(_places(seen.values())))


def _add_rooms(of: dict[UUID, _Seen]) -> None:
    ties = CustomerRoom.objects.filter(customer__pk__any=list(of), ended_on__isnull=True).order_by("pk")
    columns = ("customer_id", "room__project_id", "room__project__path")
    for customer, unit, path, *address in ties.values_list(
        *columns, "room__building", "room__entrance", "room__number"
    ):
        building, entrance, number = address
        of[customer].units[unit] = path
        of[customer].rooms.setdefault(unit, []).append((building, entrance, number))


def _add_phones(of: dict[UUID, _Seen]) -> None:
    rows = CustomerPhone.objects.filter(customer__pk__any=list(of)).order_by("position", "pk")
    for customer, token, last in rows.values_list("customer_id", "token", "last"):
        of[customer].phones[token] = last


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
                phones=list(one.phones),
            )
