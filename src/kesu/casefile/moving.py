"""Everything that lies under a unit follows it to another place: paths are kept where they are sought by."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection

from kesu.store.models import CaseCard, CaseSearch, CustomerOfGroup, CustomerPlace, Room, Unit

_KEPT: Final = (
    (Unit, "path"),
    (Unit, "scope_path"),
    (CaseCard, "unit_path"),
    (CaseSearch, "unit_path"),
    (Room, "place"),
    (CustomerPlace, "place"),
    (CustomerOfGroup, "place"),
)
"""Columns that repeat the path of a unit, or begin with it."""
_REWRITE: Final = "UPDATE {table} SET {column} = %s || substr({column}, %s) WHERE {column} LIKE %s"


def move(unit: Unit, above: Unit) -> set[UUID]:
    """Hangs the unit and all that is inside under `above`; the caller has checked that it may. One statement a column.
    Returns the units that were moved."""
    before = unit.path
    inside = set(Unit.objects.filter(path__startswith=before).values_list("pk", flat=True))
    unit.parent = above
    unit.save()
    with connection.cursor() as cursor:
        for model, column in _KEPT:
            statement = _REWRITE.format(table=model._meta.db_table, column=column)
            cursor.execute(statement, [unit.path, len(before) + 1, f"{before}%"])
    return inside
