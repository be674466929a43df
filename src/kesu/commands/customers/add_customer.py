"""Somebody becomes known to the house as a customer of a project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.estate import project_for
from kesu.access.permissions import Permission
from kesu.casefile import customer_places, customers
from kesu.store.models import CustomerPhone


@transaction.atomic
def add_customer(*, actor: Actor, at: datetime, given: Mapping[str, str]) -> UUID:
    """`given`: texts by field, `project` in hex. Raises `Forbidden`, `Unacceptable`."""
    project = project_for(actor, given.get("project", ""), Permission.CUSTOMER_EDIT)
    person = customers.read_person(given)
    row, key = customers.new_customer(project, at)
    phones = customers.state(row, key, person)
    row.save()
    CustomerPhone.objects.bulk_create(phones)
    after = person.document()
    customers.change_row(row, key, at=at, by=actor.account_id, act="customer.added", before={}, after=after).save()
    customers.keep_groups(project, person.groups)
    customer_places.project([row.pk])
    return row.pk
