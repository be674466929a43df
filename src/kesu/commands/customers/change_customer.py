"""What is known of a customer changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_places, customers
from kesu.core.errors import NotFound, Overtaken
from kesu.store.models import CustomerPhone


@transaction.atomic
def change_customer(
    *, actor: Actor, at: datetime, customer_id: UUID, seen_version: int, given: Mapping[str, str]
) -> None:
    """`given`: texts of all fields of the form, as they shall stand; `seen_version`: that of the customer as the form
    showed him. Raises `NotFound` (also for somebody whose data were erased), `Forbidden`, `Unacceptable`, and
    `Overtaken` where something else is stated of him since."""
    reached = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT, lock=True)
    row = reached.row
    if row.erased_at is not None:
        raise NotFound
    key = customers.key_of(row)
    before = customers.person_of(row, key, row.phones.all())
    person = customers.read_person(given)
    if person == before:
        return
    version = customers.version_of(row)
    if version != seen_version:
        raise Overtaken("row_moved", data={"seen": seen_version, "now": version})
    phones = customers.state(row, key, person)
    row.save()
    if person.phones != before.phones:
        CustomerPhone.objects.filter(customer=row).delete()
        CustomerPhone.objects.bulk_create(phones)
    customers.change_row(
        row,
        key,
        at=at,
        by=actor.account_id,
        act="customer.changed",
        before=before.document(),
        after=person.document(),
    ).save()
    customers.keep_groups(row.unit, person.groups)
    customer_places.project([row.pk])
