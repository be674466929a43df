"""A list leaves the house as a file with names or rooms in clear: who took it, when, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from kesu.access.actor import Actor
from kesu.store.models import ExportRecord


@transaction.atomic
def record_export(*, actor: Actor, at: datetime, what: str, filters: Mapping[str, str], rows: int, clear: int) -> None:
    """One record a file, written before the file is handed out. `clear`: rows with personal data in clear. `filters`
    as the address has them, without the words of a search."""
    ExportRecord.objects.create(
        account_id=actor.account_id, at=at, what=what, filters=dict(filters), rows=rows, clear=clear
    )
