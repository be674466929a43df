"""Names the reader of sealed rows for the present transaction (see migration 0002: row-level security)."""

from __future__ import annotations

from django.db import connection

SYSTEM = "system"


def bearer(digest: str) -> str:
    """The reader who holds the receipt code with this digest."""
    return f"bearer:{digest}"


def read_as(reader: str) -> None:
    """Must be called inside `transaction.atomic()`; forgotten at its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kesu.reader', %s, true)", [reader])
