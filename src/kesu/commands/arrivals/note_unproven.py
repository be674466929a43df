"""Somebody sent in the name of a program outside and did not know its secret."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from kesu.store.models import InboundSource


def note_unproven(*, at: datetime, source_id: UUID) -> None:
    """Counted and not listed: nobody fills a table from outside."""
    InboundSource.objects.filter(pk=source_id).update(bad_count=F("bad_count") + 1, bad_at=at)
