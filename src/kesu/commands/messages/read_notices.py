"""Somebody has seen what he was told of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.store.models import OutboxMessage


@transaction.atomic
def read_notices(*, actor: Actor, at: datetime, ids: Collection[int] | None) -> UUID | None:
    """Marks his own (`ids` None: all of them). The case of the only one that was asked for and that he sees; None
    otherwise."""
    his = OutboxMessage.objects.filter(account_id=actor.account_id)
    if ids is not None:
        his = his.filter(pk__in=ids)
    his.filter(seen_at__isnull=True).update(seen_at=at)
    if ids is None or len(ids) != 1:
        return None
    return his.filter(case__in=cards_for(actor).values("pk")).values_list("case_id", flat=True).first()
