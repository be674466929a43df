"""A process says that it is at work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from kesu.store.models import Heartbeat

_FORGOTTEN: Final = timedelta(days=7)


@transaction.atomic
def beat(*, part: str, process: str, started_at: datetime, at: datetime, failures: int = 0) -> None:
    """One row a process; those that have been silent for a week are forgotten."""
    row = Heartbeat(part=part, process=process[:80], started_at=started_at, at=at, failures=failures)
    fields = ["started_at", "at", "failures"]
    Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["part", "process"], update_fields=fields)
    Heartbeat.objects.filter(part=part, at__lt=at - _FORGOTTEN).delete()
