"""What a world consists of, kept as rows: commands make it once in a session, every later test gets the rows again.

A world takes commands half a second to make, and most tests begin with one. Only a test that is rolled back and
finds nothing there yet is served so; any other gets its world from the commands.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from tests.world import World

_Rows = dict[str, bytes]
_kept: dict[Hashable, tuple[World, _Rows]] = {}
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"


def once(key: Hashable, make: Callable[[], World]) -> World:
    """What `make` returned when it was first called under this key in this database, its rows being there again."""
    if not (connection.in_atomic_block and _is_bare()):
        return make()
    key = (connection.settings_dict["NAME"], key)
    if key not in _kept:
        before = _rows()
        made = make()
        after = _rows()
        assert all(after[table] == rows for table, rows in before.items()), (
            "it changed what the migrations had put there"
        )
        _kept[key] = made, {table: rows for table, rows in after.items() if table not in before}
        return made
    made, rows = _kept[key]
    for table, text in rows.items():
        with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
            copy.write(text)
    return made


def _is_bare() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM store_unit) AND NOT EXISTS (SELECT FROM store_account)")
        return bool(cursor.fetchone()[0])


def _rows() -> _Rows:
    """Of every table that has rows, those rows."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        names = [name for (name,) in cursor.fetchall()]
    found = {}
    for name in names:
        with connection.cursor() as cursor, cursor.copy(f'COPY (SELECT * FROM "{name}") TO STDOUT') as copy:
            found[name] = b"".join(bytes(part) for part in copy)
    return {name: rows for name, rows in found.items() if rows}
