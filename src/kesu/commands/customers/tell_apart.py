"""Two customers who have a telephone or a name and a room in common are two persons: nobody need look again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_keys, customers
from kesu.core.errors import NotFound, Unacceptable
from kesu.store.models import CustomerApart


@transaction.atomic
def tell_apart(*, actor: Actor, at: datetime, customer_id: UUID, other_id: UUID) -> None:
    """Safe to repeat; whoever joins them later takes it back. Raises `NotFound`, `Forbidden`, or `Unacceptable` for one
    and the same."""
    for pk in sorted((customer_id, other_id)):  # the same order for everybody: nobody waits for one who waits for him
        customer_for(actor, pk, Permission.CUSTOMER_EDIT, lock=True)
    one = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT).row
    other = customer_for(actor, other_id, Permission.CUSTOMER_EDIT).row
    if one.erased_at is not None or other.erased_at is not None:
        raise NotFound
    if one.pk == other.pk:
        raise Unacceptable("same_customer")
    first, second = sorted((one.pk, other.pk))
    _row, is_new = CustomerApart.objects.get_or_create(
        first_id=first, second_id=second, defaults={"at": at, "account_id": actor.account_id}
    )
    if is_new:
        for row, who in ((one, other), (other, one)):
            customers.record(row, at=at, by=actor.account_id, act="customer.told_apart", after={"with": who.pk.hex})
        customer_keys.flag([one.pk, other.pk])
