"""Brings the rows that lists and searches read of some customers in line with what is kept of them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from kesu.access.system import locked_customers
from kesu.casefile import customer_keys, customer_places


@transaction.atomic
def rebuild_customers(*, ids: Collection[UUID]) -> None:
    """Safe to repeat. Of some hundreds at a time."""
    found = locked_customers(ids)
    customer_places.project(found)
    customer_keys.flag(found)
