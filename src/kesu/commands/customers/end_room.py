"""A customer has nothing to do with a room any more: sold, moved out, entered by mistake."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_places, customers
from kesu.core.errors import NotFound
from kesu.store.models import CustomerRoom


@transaction.atomic
def end_room(*, actor: Actor, at: datetime, on: date, customer_id: UUID, link: int) -> None:
    """`on`: the first day without; the row stays. Raises `NotFound`, `Forbidden`."""
    reached = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT, lock=True)
    ids = [one.pk for one in customers.members(reached.row)]
    found = CustomerRoom.objects.filter(pk=link, customer_id__in=ids, ended_on__isnull=True)
    tie = found.select_related("room", "customer").first()
    if tie is None:
        raise NotFound
    tie.ended_on = on
    tie.save(update_fields=["ended_on"])
    after = {"room": str(tie.room)}
    customers.record(tie.customer, at=at, by=actor.account_id, act="room.ended", after=after)
    customer_places.project([reached.row.pk])
