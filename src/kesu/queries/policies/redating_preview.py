"""What a renewal of calendars would move, for operators."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.redating import RedatingPreview, preview_of
from kesu.access.system import every_card
from kesu.casefile import renewing
from kesu.core.errors import NotFound
from kesu.policy.calendar import Year
from kesu.store.models import Unit


@transaction.atomic
def renewal_preview(*, at: datetime, unit_id: UUID | None = None, plan: Iterable[Year] = ()) -> RedatingPreview:
    """What `renew_calendars` and `redate_cases` would do. Ordinary cases only: sealed ones go over in silence. Raises
    `NotFound` for an unknown unit."""
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else None
    if unit_id and unit is None:
        raise NotFound
    return preview_of(renewing.with_news(tuple(plan), at), unit, every_card(), at)
