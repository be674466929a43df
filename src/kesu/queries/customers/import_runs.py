"""Files of rooms and customers that the reader sent, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.core.errors import NotFound
from kesu.store.models import ImportRun

_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class WrongLine:
    """`reason`: a code, as forms have it."""

    sheet: str
    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportLine:
    """`counts`: by sheet how many were new, changed, same; or `wrong`: how many mistakes there are."""

    id: UUID
    at: datetime
    name: str
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """`errors`: the first five thousand, in the order of the file."""

    line: ImportLine
    errors: tuple[WrongLine, ...]


def import_runs(*, actor: Actor) -> tuple[ImportLine, ...]:
    """The newest ten. One query. Raises `Forbidden`."""
    actor.require(Permission.CUSTOMER_IMPORT)
    rows = ImportRun.objects.filter(account_id=actor.account_id).defer("errors").order_by("-at")
    return tuple(map(_line, rows[:_SHOWN]))


def import_run(*, actor: Actor, run_id: UUID) -> ImportPage:
    """One query. Raises `Forbidden`, and `NotFound` for a file that somebody else sent."""
    actor.require(Permission.CUSTOMER_IMPORT)
    row = ImportRun.objects.filter(account_id=actor.account_id, pk=run_id).first()
    if row is None:
        raise NotFound
    return ImportPage(_line(row), tuple(WrongLine(*one) for one in row.errors))


def _line(row: ImportRun) -> ImportLine:
    return ImportLine(row.pk, row.at, row.name, row.counts)
