"""When cases are woken beside what the engine says: later, because one cannot be; now, because posts changed hands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from kesu.casefile.streams import Head
from kesu.store.models import CaseCard, Obligation, PostHolding, SealedCase


def put_off_waking(head_id: UUID, *, is_sealed: bool, until: datetime) -> None:
    """`wake_at` is a projection: the next settling computes it anew."""
    if is_sealed:
        SealedCase.objects.filter(pk=head_id).update(wake_at=until)
    else:
        CaseCard.objects.filter(pk=head_id).update(wake_at=until)


def is_sealed_head(head: Head) -> bool:
    return isinstance(head, SealedCase)


def wake_under_moved_posts(since: date, on: date, at: datetime) -> int:
    """Sets open cases to be woken at `at` whose posts were taken up or given up between two days."""
    day = timedelta(days=1)
    moved = PostHolding.objects.filter(Q(from_on__range=(since, on)) | Q(until_on__range=(since - day, on - day)))
    units = list(moved.values_list("post__unit_id", "post__unit__scope_path").distinct())
    if not units:
        return 0
    mine = Obligation.objects.filter(is_open=True, owner_unit__in=[pk for pk, _ in units])
    under = Q(case_id__in=mine.values("case_id"))
    for _, path in units:
        under |= Q(unit_path__startswith=path)
    later = Q(wake_at__isnull=True) | Q(wake_at__gt=at)
    # Whoever settles one of them meanwhile sees the new holders himself: no lock is needed.
    return CaseCard.objects.filter(under, later, is_final=False).update(wake_at=at)
