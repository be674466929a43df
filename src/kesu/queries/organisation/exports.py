"""Who took names and rooms out of the house as a file, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.readings import customers_masked
from kesu.casefile.books import pack_of
from kesu.core.pages import leaf
from kesu.store.models import Account, ExportRecord, PolicyVersion, Unit

_PAGE: Final = 50
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class ExportLine:
    """`rows`: lines of the file; `clear`: those in which personal data stood in clear. `filters`: by what the list was
    narrowed, as its address says it, with names in place of identities and codes."""

    at: datetime
    who: str
    what: str
    rows: int
    clear: int
    filters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExportLog:
    """`total` is at most `MOST`."""

    lines: tuple[ExportLine, ...]
    total: int
    page: int
    pages: int


def export_log(*, actor: Actor, text: str = "", page: int = 1, size: int = _PAGE) -> ExportLog:
    """`text`: part of the name of who took them. Six queries. Raises `Forbidden`."""
    actor.require(Permission.CHANGES_READ)
    found = ExportRecord.objects.all()
    if text:
        found = found.filter(account__name__icontains=text)
    total = found.order_by()[:MOST].count()
    shown = leaf(total, size, page)
    rows = list(found.select_related("account").order_by("-at", "-pk")[shown.rows])
    names = _names([row.filters for row in rows])
    lines = (
        ExportLine(
            at=row.at,
            who=row.account.name,
            what=row.what,
            rows=row.rows,
            clear=row.clear,
            filters={key: names.get((key, value), value) for key, value in row.filters.items()},
        )
        for row in rows
    )
    return ExportLog(tuple(lines), total, shown.number, shown.pages)


def _names(filters: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], str]:
    """By filter and value."""
    said = {(key, value) for one in filters for key, value in one.items()}
    units = Unit.objects.filter(pk__in=_ids(said, "unit")).values_list("pk", "name")
    holders = Account.objects.filter(pk__in=_ids(said, "holder")).values_list("pk", "name")
    by_id = {pk: name for rows in (units, holders) for pk, name in rows}
    by_id |= customers_masked(_ids(said, "customer"))
    found = {(key, value): by_id[UUID(value)] for key, value in said if _is_id(value) and UUID(value) in by_id}
    policies = PolicyVersion.objects.order_by("adopted_at").values_list("pk", flat=True)
    found |= {("kind", kind.code): kind.name for policy in policies for kind in pack_of(policy).kinds.values()}
    return found


def _ids(said: Iterable[tuple[str, str]], filtered: str) -> list[str]:
    return [value for key, value in said if key == filtered and _is_id(value)]


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
