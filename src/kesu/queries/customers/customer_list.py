"""The list of customers in the reader's reach, one row for each project of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.customers import grouped_for, places_for, places_holding, surnamed
from kesu.access.estate import projects_for, within
from kesu.access.finding import found_page
from kesu.access.permissions import Permission
from kesu.core.masking import masked_name
from kesu.core.pages import Leaf, leaf
from kesu.core.searching import Search, marked, read_search
from kesu.store.models import CustomerGroup, CustomerOfGroup, CustomerPlace, Unit
from kesu.store.models.customers import CustomerKind

SIZE: Final = 50
MOST: Final = 2_000
MOST_FOUND: Final = 200
_MOST_GROUPS: Final = 100

Row = TypeVar("Row", CustomerPlace, CustomerOfGroup)

_SHOWN: Final = ("unit_id", "customer_id", "name", "kind", "rooms", "last", "groups", "is_erased")


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What the address of the list says; `project` in hex; `is_erased`: only those whose data were erased, who are left
    out else."""

    project: str = ""
    kind: str = ""
    group: str = ""
    text: str = ""
    is_erased: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """`phone`: the last figures of the first one; `rooms`: those of the project, empty where the reader may not see
    personal data."""

    id: UUID
    name: str
    kind: str
    project: str
    rooms: str
    phone: str
    groups: tuple[str, ...]
    is_erased: bool


@dataclass(frozen=True, slots=True)
class CustomerList:
    """`total` is at most `most` + 1. `projects`: hex and name; `groups`: names; `marked`: the words sought;
    `seeks_persons`: whether the reader may seek by name, room and telephone."""

    rows: tuple[CustomerRow, ...]
    total: int
    most: int
    page: int
    pages: int
    projects: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    marked: tuple[str, ...]
    refusal: str
    seeks_persons: bool
    may_edit: bool
    may_import: bool


def customer_list(*, actor: Actor, customer_filter: CustomerFilter) -> CustomerList:
    """By project and name. Five queries, one more for words that are neither rare nor everywhere. Raises
    `Forbidden`."""
    actor.require(Permission.CUSTOMER_READ)
    projects = projects_for(actor, Permission.CUSTOMER_READ)
    search = read_search(customer_filter.text)
    inside = next((one.path for one in projects if one.pk.hex == customer_filter.project), "")
    most = MOST_FOUND if search.words or search.refusal else MOST
    if search.words:
        listed = [one for one in projects if one.path.startswith(inside)]
        ids, total, shown = _found(actor, customer_filter, search, inside, listed)
    else:
        keys = _keys(actor, customer_filter, inside, [one.path for one in projects])
        keys = keys.none() if search.refusal else keys
        total = keys.order_by()[: most + 1].count()
        shown = leaf(min(total, most), SIZE, customer_filter.page)
        ids = list(keys[shown.rows])
    return CustomerList(
        rows=_rows(actor, ids, {one.pk: one for one in projects}),
        total=total,
        most=most,
        page=shown.number,
        pages=shown.pages,
        projects=tuple((one.pk.hex, one.name) for one in projects),
        groups=groups_of(actor),
        marked=marked(search.words),
        refusal=search.refusal,
        seeks_persons=actor.may(Permission.PERSONAL_READ),
        may_edit=actor.may(Permission.CUSTOMER_EDIT),
        may_import=actor.may(Permission.CUSTOMER_IMPORT),
    )


def _found(
    actor: Actor, customer_filter: CustomerFilter, search: Search, inside: str, projects: Sequence[Unit]
) -> tuple[list[int], int, Leaf]:
    """Where more bear a surname than a list counts, it shows them: one of them is found by another word anyway."""
    if replace(customer_filter, project="", text="", page=1) == CustomerFilter() and len(search.words) == 1:
        surname = surnamed(actor, search.words[0], projects, MOST_FOUND + 1)
        if len(surname) > MOST_FOUND:
            shown = leaf(MOST_FOUND, SIZE, customer_filter.page)
            return surname[shown.rows], len(surname), shown
    places = _of_kind(places_for(actor, inside), customer_filter).filter(is_erased=customer_filter.is_erased)
    hits = places_holding(places, actor, search, inside)
    return found_page(hits, places, search, MOST_FOUND, SIZE, customer_filter.page)


def groups_of(actor: Actor) -> tuple[str, ...]:
    """Names of the groups that projects in the reader's reach use. One query."""
    found = CustomerGroup.objects.filter(within(actor, Permission.CUSTOMER_READ, "unit__path"))
    return tuple(found.order_by("name").values_list("name", flat=True).distinct()[:_MOST_GROUPS])


def _keys(actor: Actor, customer_filter: CustomerFilter, inside: str, nameless: Sequence[str]) -> QuerySet[Any, int]:
    """In the order of the list, where nothing is sought. `nameless`: the places of those who have no name any more, by
    which the index itself knows them."""
    erased = Q(place__in=nameless) if customer_filter.is_erased else ~Q(place__in=nameless)
    if customer_filter.group:
        members = grouped_for(actor, customer_filter.group, inside).filter(erased)
        return _of_kind(members, customer_filter).order_by("place", "row").values_list("row_id", flat=True)
    places = places_for(actor, inside).filter(erased)
    return _of_kind(places, customer_filter).order_by("place", "pk").values_list("pk", flat=True)


def _of_kind(found: QuerySet[Row], customer_filter: CustomerFilter) -> QuerySet[Row]:
    """Of `CustomerPlace`, or of `CustomerOfGroup`, which is asked for its group already."""
    if customer_filter.kind in CustomerKind.values:
        found = found.filter(kind=customer_filter.kind)
    if customer_filter.group and found.model is CustomerPlace:
        found = found.filter(groups__contains=[customer_filter.group])
    return found


def _rows(actor: Actor, ids: list[int], projects: Mapping[UUID, Unit]) -> tuple[CustomerRow, ...]:
    """One query. Which rows stand on the page was read from an index alone, however far back it is."""
    shown = places_for(actor).filter(pk__any=ids).order_by("place", "pk").values_list(*_SHOWN)
    return tuple(_row(actor, projects[unit_id], *row) for unit_id, *row in shown)


def _row(
    actor: Actor,
    project: Unit,
    customer_id: UUID,
    name: str,
    kind: str,
    rooms: str,
    last: str,
    groups: Sequence[str],
    is_erased: bool,
) -> CustomerRow:
    is_clear = actor.may_at(Permission.PERSONAL_READ, project.path)
    return CustomerRow(
        id=customer_id,
        name=name if is_clear else masked_name(name),
        kind=kind,
        project=project.name,
        rooms=rooms if is_clear else "",
        phone=f"****{last}" if last and is_clear else "",
        groups=tuple(groups),
        is_erased=is_erased,
    )
