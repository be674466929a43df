"""The papers that cases in the reader's sight have issued: which stand, which are void, and what took their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.permissions import Permission
from kesu.core.pages import leaf
from kesu.store.models import RegisterEntry

SIZE: Final = 50


class PaperState(StrEnum):
    GOOD = "good"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """`text` stands in the number of the paper or of the one that took its place; empty: any."""

    register: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """`issued_at` None: it came into the house with the case. Times are UTC."""

    register: str
    number: str
    mark: str
    issued_at: datetime | None
    void_at: datetime | None
    replaced_by: str
    case_id: UUID
    case_number: str
    unit: str


@dataclass(frozen=True, slots=True)
class RegisterList:
    rows: tuple[PaperRow, ...]
    registers: tuple[str, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class RegisterExport:
    """`is_cut`: there are more."""

    rows: tuple[PaperRow, ...]
    is_cut: bool


def entry_list(*, actor: Actor, register: RegisterFilter, page: int) -> RegisterList:
    """The newest first. Raises `Forbidden`. Three queries."""
    found = _found(actor, register)
    names = _in_sight(actor).order_by("register").values_list("register", flat=True).distinct()
    total = found.count()
    shown = leaf(total, SIZE, page)
    return RegisterList(tuple(_rows(found[shown.rows])), tuple(names), total, shown.number, shown.pages)


def entry_export(*, actor: Actor, register: RegisterFilter, most: int) -> RegisterExport:
    """What the list shows, as a file. Raises `Forbidden`."""
    rows = tuple(_rows(_found(actor, register)[: most + 1]))
    return RegisterExport(rows[:most], len(rows) > most)


def _in_sight(actor: Actor) -> QuerySet[RegisterEntry]:
    actor.require(Permission.CASE_READ)
    return RegisterEntry.objects.filter(Exists(cards_for(actor).filter(pk=OuterRef("case_id"))))


def _found(actor: Actor, wanted: RegisterFilter) -> QuerySet[RegisterEntry]:
    found = _in_sight(actor)
    if wanted.register:
        found = found.filter(register=wanted.register)
    if wanted.state in set(PaperState):
        found = found.filter(void_at__isnull=wanted.state == PaperState.GOOD)
    if wanted.text:
        found = found.filter(number__icontains=wanted.text) | found.filter(replaced_by__icontains=wanted.text)
    return found.order_by("-known_at", "-case_id", "register", "-place").select_related("case__unit")


def _rows(found: Iterable[RegisterEntry]) -> Iterator[PaperRow]:
    for row in found:
        yield PaperRow(
            register=row.register,
            number=row.number,
            mark=row.mark,
            issued_at=row.issued_at,
            void_at=row.void_at,
            replaced_by=row.replaced_by,
            case_id=row.case_id,
            case_number=row.case.number,
            unit=row.case.unit.name,
        )
