"""Puts off the waking of a case that cannot be woken, so that it does not stop all others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.casefile.streams import Head
from kesu.store.models import CaseCard, SealedCase


def put_off_waking(head_id: UUID, *, is_sealed: bool, until: datetime) -> None:
    """`wake_at` is a projection: the next settling computes it anew."""
    if is_sealed:
        SealedCase.objects.filter(pk=head_id).update(wake_at=until)
    else:
        CaseCard.objects.filter(pk=head_id).update(wake_at=until)


def is_sealed_head(head: Head) -> bool:
    return isinstance(head, SealedCase)
