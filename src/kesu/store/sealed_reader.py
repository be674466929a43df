"""Names the reader of sealed rows for the present transaction (see migration 0002: row-level security)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SYSTEM = "system"


def bearer(digest: str) -> str:
    """The reader who holds the receipt code with this digest."""
    return f"bearer:{digest}"


def read_as(reader: str) -> None:
    """Must be called inside `transaction.atomic()`; forgotten at its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kesu.reader', %s, true)", [reader])


@contextmanager
def as_system(*, when: bool = True) -> Iterator[None]:
    """What the program itself does for a case in the middle of a person's act; afterwards the reader is the one that it
    was. Not after an error: it ends the transaction."""
    if not when:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('kesu.reader', true)")
        before = cursor.fetchone()[0]
    read_as(SYSTEM)
    yield
    read_as(before or "")
