"""Everything that lies under a unit follows it to another place: paths are kept where they are sought by."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection

from kesu.store.models import CaseCard, CaseSearch, CustomerPlace, Room, Unit
from kesu.store.models.organisation import SERVING

_KEPT: Final = ((CaseCard, "unit_path"), (CaseSearch, "unit_path"), (Room, "place"), (CustomerPlace, "place"))
"""Tables that repeat the path of a unit, and the column."""
_REWRITE: Final = "UPDATE {table} SET {column} = %s || substr({column}, %s) WHERE {column} LIKE %s"


def move(unit: Unit, above: Unit) -> set[UUID]:
    """Hangs the unit and all that is inside under `above`; the caller has checked that it may. One statement a table.
    Returns the units that were moved."""
    before = unit.path
    inside = {row.pk for row in Unit.objects.filter(path__startswith=before)}
    unit.parent = above
    unit.save()
    for one in Unit.objects.filter(path__startswith=before).exclude(pk=unit.pk):
        path = unit.path + one.path.removeprefix(before)
        scope = path if one.kind not in SERVING else path.rstrip("/").rpartition("/")[0] + "/"
        Unit.objects.filter(pk=one.pk).update(path=path, scope_path=scope)
    with connection.cursor() as cursor:
        for model, column in _KEPT:
            statement = _REWRITE.format(table=model._meta.db_table, column=column)
            cursor.execute(statement, [unit.path, len(before) + 1, f"{before}%"])
    return inside
