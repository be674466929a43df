"""What somebody has in hand, as those who change people may know it: numbers and places, not what it is about."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count

from kesu.store.models import CaseCard, ObligationOwner


def held_cases(account_id: UUID) -> list[tuple[str, str, int]]:
    """Number, unit and how many open duties are his, of every open case that he holds or in which something waits for
    him; by number. Neither sealed nor confidential cases are among them. Three queries."""
    owed = ObligationOwner.objects.filter(account=account_id, obligation__is_open=True)
    duties = dict(owed.order_by().values_list("obligation__case_id").annotate(count=Count("pk")))
    held = set(CaseCard.objects.filter(holder=account_id, is_final=False).values_list("pk", flat=True))
    cards = CaseCard.objects.filter(pk__in=held | duties.keys(), confidential=False).order_by("number")
    return [(number, unit, duties.get(pk, 0)) for pk, number, unit in cards.values_list("pk", "number", "unit__name")]
