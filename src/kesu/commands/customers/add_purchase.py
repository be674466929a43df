"""A customer bought something: when, where, for how much, under which contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customers
from kesu.core.errors import NotFound, Unacceptable
from kesu.core.importing import read_day
from kesu.store.models import Purchase

_LONGEST: Final = 80
_MOST: Final = Decimal(10) ** 12


@transaction.atomic
def add_purchase(*, actor: Actor, at: datetime, customer_id: UUID, given: Mapping[str, str]) -> None:
    """`given`: ``bought_on``, ``place``, ``amount`` (yuan), ``contract``; all but the day may be missing. Raises
    `NotFound`, `Forbidden`, `Unacceptable`."""
    row = customer_for(actor, customer_id, Permission.CUSTOMER_EDIT, lock=True).row
    if row.erased_at is not None:
        raise NotFound
    wrong: dict[str, str] = {}
    on = read_day(given.get("bought_on", ""))
    if on is None:
        wrong["bought_on"] = "not_a_day"
    stated = {name: given.get(name, "").strip() for name in ("place", "amount", "contract")}
    wrong |= {name: f"≤ {_LONGEST}" for name, text in stated.items() if len(text) > _LONGEST or "\x00" in text}
    if stated["amount"] and not _is_amount(stated["amount"]):
        wrong["amount"] = "not_an_amount"
    if on is None or wrong:
        raise Unacceptable("unreadable", data={"fields": wrong, "refusals": ()})
    stated["amount"] = stated["amount"].replace(",", "")
    box = customers.sealed(row, customers.key_of(row), stated)
    Purchase.objects.create(customer=row, bought_on=on, sealed=box)
    after = {"bought_on": on.isoformat(), **stated}
    customers.record(row, at=at, by=actor.account_id, act="purchase.added", after=after)


def _is_amount(text: str) -> bool:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return False
    return amount.is_finite() and 0 <= amount < _MOST
