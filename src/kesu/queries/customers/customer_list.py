"""The list of customers in the reader's reach, one row for each project of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from kesu.access.actor import Actor
from kesu.access.customers import places_for, places_holding
from kesu.access.estate import projects_for, within
from kesu.access.finding import narrowed
from kesu.access.permissions import Permission
from kesu.core.masking import masked_name
from kesu.core.pages import leaf
from kesu.core.searching import marked, read_search
from kesu.store.models import CustomerGroup, CustomerPlace, Unit
from kesu.store.models.customers import CustomerKind

SIZE: Final = 50
MOST: Final = 2_000
MOST_FOUND: Final = 500
_MOST_GROUPS: Final = 100


_SHOWN: Final = ("unit_id", "customer_id", "name", "kind", "rooms", "last", "groups", "is_erased")


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What the address of the list says; `project` in hex."""

    project: str = ""
    kind: str = ""
    group: str = ""
    text: str = ""
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
    """By project and name. Five queries, whatever is sought. Raises `Forbidden`."""
    actor.require(Permission.CUSTOMER_READ)
    projects = projects_for(actor, Permission.CUSTOMER_READ)
    search = read_search(customer_filter.text)
    found = places_for(actor)
    chosen = next((one for one in projects if one.pk.hex == customer_filter.project), None)
    if chosen is not None:
        found = found.filter(place__startswith=chosen.path)
    if customer_filter.kind in CustomerKind.values:
        found = found.filter(kind=customer_filter.kind)
    if customer_filter.group:
        found = found.filter(groups__contains=[customer_filter.group])
    most, total = MOST, -1
    if search.words or search.refusal:
        most = MOST_FOUND
        found, total = narrowed(places_holding(found, actor, search), places_for(actor), most)
    if total < 0:
        total = found.order_by()[: most + 1].count()
    shown = leaf(min(total, most), SIZE, customer_filter.page)
    return CustomerList(
        rows=_rows(actor, found, shown.rows, {one.pk: one for one in projects}),
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


def groups_of(actor: Actor) -> tuple[str, ...]:
    """Names of the groups that projects in the reader's reach use. One query."""
    found = CustomerGroup.objects.filter(within(actor, Permission.CUSTOMER_READ, "unit__path"))
    return tuple(found.order_by("name").values_list("name", flat=True).distinct()[:_MOST_GROUPS])


def _rows(
    actor: Actor, found: QuerySet[CustomerPlace], on_page: slice, projects: Mapping[UUID, Unit]
) -> tuple[CustomerRow, ...]:
    """Two queries. Who stands on the page is read from the index alone, however far back it is."""
    ids = list(found.order_by("place", "pk").values_list("pk", flat=True)[on_page])
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
