"""Printed numbers and random codes. Taken last in the transaction: a series row stays locked only for an instant."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from kesu.core.ids import readable_code
from kesu.policy.model.pack import Numbering
from kesu.store.models import Unit

_NEXT = """
INSERT INTO store_numberseries (prefix, root_id, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (prefix, root_id, year) DO UPDATE SET last = store_numberseries.last + 1
RETURNING last
"""


def next_number(numbering: Numbering, unit: Unit, year: int) -> str:
    """``TS-26-0382``: prefix, year (of the place’s own zone), figure. Gaps are allowed, reuse never. A random numbering
    gives a code that says nothing about how many there are."""
    if numbering.random:
        return readable_code(groups=3)
    root = UUID(unit.path.split("/")[1])  # a path is the chain of ids from the root
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [numbering.prefix, root, year])
        last = cursor.fetchone()[0]
    return f"{numbering.prefix}-{year % 100:02d}-{last:0{numbering.digits}d}"
