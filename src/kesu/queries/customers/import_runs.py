"""Files of rooms and customers that the reader sent: how far each is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.core.errors import NotFound
from kesu.store.models import ImportRun, ImportWork

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
    """`counts`: by sheet how many were new, changed, same; or `wrong`: how many mistakes there are; or ``refused`` or
    ``failed``. Empty while it waits or is being brought in: then `total` lines are there, and `done` are checked."""

    id: UUID
    at: datetime
    name: str
    counts: Mapping[str, Any]
    total: int = 0
    done: int = 0

    @property
    def is_waiting(self) -> bool:
        return self.total > 0


@dataclass(frozen=True, slots=True)
class ImportPage:
    """`errors`: the first five thousand, in the order of the file."""

    line: ImportLine
    errors: tuple[WrongLine, ...]


def import_runs(*, actor: Actor) -> tuple[ImportLine, ...]:
    """Those that wait, then the newest ten. Two queries. Raises `Forbidden`."""
    actor.require(Permission.CUSTOMER_IMPORT)
    waiting = _waiting(actor).order_by("-at", "-pk")[:_SHOWN]
    rows = ImportRun.objects.filter(account_id=actor.account_id).defer("errors").order_by("-at")
    return (*map(_waiting_line, waiting), *map(_line, rows[:_SHOWN]))


def import_run(*, actor: Actor, run_id: UUID) -> ImportPage:
    """Two queries at most. Raises `Forbidden`, and `NotFound` for a file that somebody else sent."""
    actor.require(Permission.CUSTOMER_IMPORT)
    waiting = _waiting(actor).filter(pk=run_id).first()
    if waiting is not None:
        return ImportPage(_waiting_line(waiting), ())
    row = ImportRun.objects.filter(account_id=actor.account_id, pk=run_id).first()
    if row is None:
        raise NotFound
    return ImportPage(_line(row), tuple(WrongLine(*one) for one in row.errors))


def _waiting(actor: Actor) -> QuerySet[ImportWork]:
    return ImportWork.objects.filter(account_id=actor.account_id).defer("sealed")


def _waiting_line(row: ImportWork) -> ImportLine:
    return ImportLine(row.pk, row.at, row.name, {}, max(row.total, 1), row.done)


def _line(row: ImportRun) -> ImportLine:
    return ImportLine(row.pk, row.at, row.name, row.counts)
