"""Somebody has read what he was copied on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.casefile.effects import COPY
from kesu.store.models import OutboxMessage


@transaction.atomic
def read_copies(*, actor: Actor, at: datetime, ids: Collection[int]) -> UUID | None:
    """Marks his own, and leaves alone what is not his or is read already. The case of the only one that was asked for
    and that he sees; None otherwise."""
    his = OutboxMessage.objects.filter(account_id=actor.account_id, template=COPY, pk__in=ids)
    seen = his.filter(case__in=cards_for(actor).values("pk"))
    cases = list(seen.values_list("case_id", flat=True))
    seen.filter(seen_at__isnull=True).update(seen_at=at)
    return cases[0] if len(ids) == 1 and cases else None
