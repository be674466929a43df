"""The papers that cases in the reader's sight have issued: which stand, which are void, and what took their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from kesu.access.actor import Actor
from kesu.access.registers import entries_in_sight
from kesu.core.pages import leaf
from kesu.store.models import RegisterEntry

SIZE: Final = 50


class PaperState(StrEnum):
    GOOD = "good"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """`text` stands in the number of the paper or of the one that took its place; empty: any. `since` and `until`: when
    the case learned of it."""

    register: str = ""
    state: str = ""
    text: str = ""
    mark: str = ""
    since: datetime | None = None
    until: datetime | None = None


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
    marks: tuple[str, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class RegisterExport:
    """`is_cut`: there are more."""

    rows: tuple[PaperRow, ...]
    is_cut: bool


def entry_list(*, actor: Actor, register: RegisterFilter, page: int) -> RegisterList:
    """The newest first. `marks`: those of the register that was chosen, or of the only one. Raises `Forbidden`. Four
    queries at most."""
    found = _found(actor, register)
    known = entries_in_sight(actor)
    names = tuple(known.order_by("register").values_list("register", flat=True).distinct())
    marks = tuple(_marks(known, register.register or (names[0] if len(names) == 1 else "")))
    total = found.count()
    shown = leaf(total, SIZE, page)
    return RegisterList(tuple(_rows(found[shown.rows])), names, marks, total, shown.number, shown.pages)


def entry_export(*, actor: Actor, register: RegisterFilter, most: int) -> RegisterExport:
    """What the list shows, as a file. Raises `Forbidden`."""
    rows = tuple(_rows(_found(actor, register)[: most + 1]))
    return RegisterExport(rows[:most], len(rows) > most)


def _marks(known: QuerySet[RegisterEntry], register: str) -> Iterable[str]:
    if not register:
        return ()
    chosen = known.filter(register=register).exclude(mark="")
    return chosen.order_by("mark").values_list("mark", flat=True).distinct()


def _found(actor: Actor, wanted: RegisterFilter) -> QuerySet[RegisterEntry]:
    found = entries_in_sight(actor)
    if wanted.register:
        found = found.filter(register=wanted.register)
    if wanted.state in set(PaperState):
        found = found.filter(void_at__isnull=wanted.state == PaperState.GOOD)
    if wanted.mark:
        found = found.filter(mark=wanted.mark)
    if wanted.since and wanted.until:
        found = found.filter(known_at__gte=wanted.since, known_at__lt=wanted.until)
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
