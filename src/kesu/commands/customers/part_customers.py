"""Two rows that were joined are two persons after all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_places, customers
from kesu.casefile.matters.waking import recount_those_of
from kesu.core.errors import NotFound
from kesu.store.models import CustomerMerge


@transaction.atomic
def part_customers(*, actor: Actor, at: datetime, customer_id: UUID, other_id: UUID) -> None:
    """`other_id` was joined to `customer_id`. Raises `NotFound`, `Forbidden`."""
    kept = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT, lock=True).row
    joined = next((one for one in customers.members(kept) if one.pk == other_id != kept.pk), None)
    if joined is None or kept.erased_at is not None:
        raise NotFound
    joined.merged_into = None
    joined.save(update_fields=["merged_into"])
    standing = CustomerMerge.objects.filter(kept=kept, joined=joined, undone_at__isnull=True)
    standing.update(undone_at=at, undone_by=actor.account_id)
    for one, other in ((kept, joined), (joined, kept)):
        customers.record(one, at=at, by=actor.account_id, act="customer.parted", after={"with": other.pk.hex})
    customer_places.project([kept.pk, joined.pk])
    recount_those_of((kept.pk, joined.pk), at)
