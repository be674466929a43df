"""Do the rows that lists and searches of customers read say what is kept of them?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from kesu.access.system import customers_by_hundreds, locked_customers
from kesu.casefile.customer_places import differing

__all__ = ["customers_by_hundreds", "customers_that_differ"]


@transaction.atomic
def customers_that_differ(ids: Sequence[UUID]) -> set[UUID]:
    """Of these and those joined to them. Writes nothing: they are locked for a moment, so that a change in the middle
    is no difference."""
    return differing(locked_customers(ids))
