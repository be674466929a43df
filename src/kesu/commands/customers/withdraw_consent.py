"""A customer no longer agrees that his data are given to third parties."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customers
from kesu.core.errors import NotFound
from kesu.store.models import Consent


@transaction.atomic
def withdraw_consent(*, actor: Actor, at: datetime, on: date, customer_id: UUID, consent: int, how: str) -> None:
    """`on`: the day on which he said so; `how`: in which form. Raises `NotFound` also for a consent that was withdrawn
    before, `Forbidden`."""
    reached = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT, lock=True)
    ids = [one.pk for one in customers.members(reached.row)]
    found = Consent.objects.filter(pk=consent, customer_id__in=ids, withdrawn_on__isnull=True)
    row = found.select_related("customer").first()
    if row is None or row.customer.erased_at is not None:
        raise NotFound
    row.withdrawn_on, row.withdrawn_how = on, how.replace("\x00", "").strip()[:40]
    row.save(update_fields=["withdrawn_on", "withdrawn_how"])
    after = {"purpose": row.purpose, "withdrawn_on": on.isoformat()}
    customers.record(row.customer, at=at, by=actor.account_id, act="consent.withdrawn", after=after)
