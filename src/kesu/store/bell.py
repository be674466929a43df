"""Rings for the worker: PostgreSQL's NOTIFY, delivered when the transaction commits and never before."""

from __future__ import annotations

from typing import Final

from django.db import connection

CHANNEL: Final = "kesu_work"
BELL: Final = ("SELECT pg_notify(%s, '')", (CHANNEL,))
"""The statement and its values, for who has more to say in the same breath."""


def ring_bell() -> None:
    with connection.cursor() as cursor:
        cursor.execute(*BELL)
