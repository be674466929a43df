"""Whether a delivery has come before, whatever its source may state by now."""

from __future__ import annotations

from uuid import UUID

from kesu.access.sources import Received, answered_before
from kesu.store.models import InboundDelivery


def delivered(*, source_id: UUID, key: str, digest: str) -> Received | None:
    """The answer that it had; None for one that is new, or was refused. Raises `Unacceptable` where its key stood for
    something else."""
    rows = InboundDelivery.objects.select_related("source", "case")
    before = rows.filter(source_id=source_id, key=key, reason="").first()
    return answered_before(before.source, before, digest) if before is not None else None
