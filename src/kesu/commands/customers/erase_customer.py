"""The personal data of one customer are destroyed at his request; that it happened stays on record.

His key goes, and with it everything that was sealed with it, also in the append-only history. Cases that name him are
kept under their own retention rules. Copies in older backups go when these go.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_places, customers
from kesu.core.errors import NotFound, Unacceptable
from kesu.store.inserting import insert
from kesu.store.models import CustomerChange


@transaction.atomic
def erase_customer(*, actor: Actor, at: datetime, customer_id: UUID, is_certain: bool) -> None:
    """Those joined to him go with him. Raises `NotFound` (also when it was done before), `Forbidden`, `Unacceptable`
    where nobody said that he is certain."""
    row = customer_for(actor, customer_id, Permission.CUSTOMER_ERASE, lock=True).row
    if row.erased_at is not None:
        raise NotFound
    if not is_certain:
        raise Unacceptable("not_certain", data={"fields": {"certain": "not_certain"}, "refusals": ()})
    found = customers.members(row)
    ids = [one.pk for one in found]
    customers.forget(ids, at)
    insert([CustomerChange(customer_id=pk, at=at, account_id=actor.account_id, act="customer.erased") for pk in ids])
    customer_places.project(ids)
