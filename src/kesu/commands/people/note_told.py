"""What a calendar program was told last is remembered, so that it is called off when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from kesu.store.models import CalendarFeed


@transaction.atomic
def note_told(*, account_id: UUID, digest: str, told: Sequence[tuple[str, str]]) -> None:
    """Of the link that was read; one that was made anew meanwhile has told nothing yet."""
    CalendarFeed.objects.filter(account_id=account_id, digest=digest).update(told=[list(one) for one in told])
