"""Files of rooms and customers that wait for the worker: how their lines are kept until then.

The lines hold names and telephones: they are sealed, and gone as soon as the file is through.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection

from kesu.casefile.imported import CUSTOMERS, ROOMS
from kesu.core.importing import Line
from kesu.store.keys import ring
from kesu.store.models import ImportWork

_PURPOSE: Final = "import"
_ALONE: Final = "SELECT pg_try_advisory_lock(hashtextextended('kesu.import', 0))"
_NO_MORE: Final = "SELECT pg_advisory_unlock(hashtextextended('kesu.import', 0))"


def keep(work: ImportWork, rooms: Sequence[Line], customers: Sequence[Line]) -> None:
    """On the row, not yet written."""
    told = [[[line.number, dict(line.cells)] for line in lines] for lines in (rooms, customers)]
    packed = zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 6)
    work.key_id, work.sealed = ring().keep(_PURPOSE, work.pk.bytes, packed)
    work.total = len(rooms) + len(customers)


def lines_of(work: ImportWork) -> Mapping[str, Sequence[Line]]:
    """By sheet."""
    packed = ring().open(_PURPOSE, work.pk.bytes, work.key_id, bytes(work.sealed))
    told = json.loads(zlib.decompress(packed))
    return {
        sheet: [Line(sheet, number, cells) for number, cells in lines]
        for sheet, lines in zip((ROOMS, CUSTOMERS), told, strict=True)
    }


def alone() -> bool:
    """Whether nobody else brings anything in just now; then nobody else may until `no_more`, or until this connection
    to the database ends, however it does."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)
        return bool(cursor.fetchone()[0])


def no_more() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NO_MORE)
