"""What a program outside delivered in vain is remembered, so that its keeper sees why nothing arrives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.casefile.arrivals import KEPT_REFUSED
from kesu.store.models import InboundDelivery

_LONGEST: Final = 64
_LONGEST_REASON: Final = 48
_MOST: Final = 20


@transaction.atomic
def note_refused(
    *, at: datetime, source_id: UUID, key: str, digest: str, reason: str, lacking: Sequence[str] = ()
) -> None:
    """`lacking`: codes of what was wrong, and no word of what was sent. Of each source the newest hundred are kept."""
    InboundDelivery.objects.create(
        source_id=source_id,
        key=key,
        digest=digest,
        at=at,
        reason=reason[:_LONGEST_REASON],
        lacking=[one[:_LONGEST] for one in lacking[:_MOST]],
    )
    refused = InboundDelivery.objects.filter(source_id=source_id).exclude(reason="")
    oldest = refused.order_by("-at", "-pk").values_list("pk", flat=True)[KEPT_REFUSED : KEPT_REFUSED + _MOST]
    InboundDelivery.objects.filter(pk__in=list(oldest)).delete()
