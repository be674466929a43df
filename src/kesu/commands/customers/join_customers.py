"""Two rows turn out to be one person. Nothing is moved or deleted: undone, both are again what they were."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_places, customers
from kesu.casefile.matters.waking import recount_those_of
from kesu.core.errors import NotFound, Unacceptable
from kesu.store.models import CustomerApart, CustomerMerge


@transaction.atomic
def join_customers(*, actor: Actor, at: datetime, customer_id: UUID, other_id: UUID) -> None:
    """`other_id` is shown with `customer_id` from now on. Raises `NotFound`, `Forbidden`, or `Unacceptable` for one and
    the same, and for somebody to whom others were joined already."""
    for pk in sorted((customer_id, other_id)):  # the same order for everybody: nobody waits for one who waits for him
        customer_for(actor, pk, Permission.CUSTOMER_EDIT, lock=True)
    kept = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT).row
    joined = customer_for(actor, other_id, Permission.CUSTOMER_EDIT).row
    if kept.erased_at is not None or joined.erased_at is not None:
        raise NotFound
    if kept.pk == joined.pk:
        raise Unacceptable("same_customer")
    if len(customers.members(joined)) > 1:
        raise Unacceptable("joined_before")
    joined.merged_into = kept
    joined.save(update_fields=["merged_into"])
    first, second = sorted((kept.pk, joined.pk))
    CustomerApart.objects.filter(first_id=first, second_id=second).delete()
    CustomerMerge.objects.create(kept=kept, joined=joined, at=at, account_id=actor.account_id)
    for one, other in ((kept, joined), (joined, kept)):
        customers.record(one, at=at, by=actor.account_id, act="customer.joined", after={"with": other.pk.hex})
    customer_places.project([kept.pk])
    recount_those_of((kept.pk, joined.pk), at)
