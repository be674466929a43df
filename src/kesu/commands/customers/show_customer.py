"""Somebody with the right to personal data has a customer's data shown in clear; the customer's page says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customers
from kesu.core.errors import NotFound
from kesu.core.masking import dialled_phone


@dataclass(frozen=True, slots=True)
class Shown:
    """`given`: what a form would send to state the same of the customer himself. `phones`: of him and of those joined
    to him. `changes`: field to what it was and what it became, by number of the change.
    `version`: what whoever changes him must have seen."""

    given: Mapping[str, str]
    phones: Sequence[str]
    changes: Mapping[int, Mapping[str, Sequence[Any]]]
    version: int


@transaction.atomic
def show_customer(*, actor: Actor, at: datetime, customer_id: UUID) -> Shown:
    """Raises `NotFound` outside the scope and for somebody whose data were erased, `Forbidden` without the right. The
    record is written before anything is shown."""
    row = customer_for(actor, customer_id, Permission.PERSONAL_READ).row
    if row.erased_at is not None:
        raise NotFound
    customers.record_reading(row, at=at, by=actor.account_id, what="shown")
    phones: list[str] = []
    changes: dict[int, Mapping[str, Sequence[Any]]] = {}
    for one in customers.members(row):
        key = customers.key_of(one)
        person = customers.person_of(one, key, one.phones.all())
        phones.extend(map(dialled_phone, person.phones))
        changes |= {change.pk: customers.opened(one, key, change.sealed) for change in one.changes.all()}
    key = customers.key_of(row)
    person = customers.person_of(row, key, row.phones.all())
    given = customers.given_of(person) | {"phones": "，".join(map(dialled_phone, person.phones))}
    return Shown(given, tuple(dict.fromkeys(phones)), changes, customers.version_of(row))
