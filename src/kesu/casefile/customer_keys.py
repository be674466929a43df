"""Finds who may be one person: by a telephone that two have, or by one name in one room.

Every such key of every customer has a row, and each row says whether somebody else has the key too. Rows are made anew
with those of `customer_places`, in the transaction of the change. Two transactions that bring in the same key at the
same time do not see each other: whoever comes second waits until the first has ended, and then sees it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from kesu.store.inserting import insert_many
from kesu.store.models import CustomerKey

PHONE: Final = "p"
ROOM: Final = "r"
WHY: Final[Mapping[str, str]] = {PHONE: "phone", ROOM: "room"}
_BUCKETS: Final = 256
"""Locks for any number of keys: an import of thousands must not need as many."""
_CLASS: Final = 20_021
_LOCK: Final = "SELECT pg_advisory_xact_lock(%s, bucket) FROM unnest(%s::int[]) AS bucket"
_IS_SHARED: Final = """EXISTS (
    SELECT FROM store_customerkey AS other
    WHERE other.key = one.key AND other.customer_id <> one.customer_id AND NOT EXISTS (
        SELECT FROM store_customerapart AS apart
        WHERE apart.first_id = least(one.customer_id, other.customer_id)
          AND apart.second_id = greatest(one.customer_id, other.customer_id)
    )
)"""
_FLAG: Final = f"""
UPDATE store_customerkey AS held SET is_shared = found.is_shared
FROM (SELECT one.id, {_IS_SHARED} AS is_shared FROM store_customerkey AS one WHERE one.key = ANY(%s)) AS found
WHERE held.id = found.id AND held.is_shared IS DISTINCT FROM found.is_shared
"""  # noqa: S608  no value in it
_MISJUDGED: Final = f"""
SELECT DISTINCT customer_id FROM store_customerkey AS one WHERE customer_id = ANY(%s) AND is_shared <> {_IS_SHARED}
"""  # noqa: S608  no value in it

Key = tuple[str, UUID, UUID]
"""The key, the customer, and the project where it counts."""


def of_phone(token: str) -> str:
    return f"{PHONE}{token}"


def of_room(room: UUID, name: str) -> str:
    return ROOM + hashlib.sha256(f"{room} {name}".encode()).hexdigest()[:32]


def write(customers: Collection[UUID], keys: Collection[Key]) -> None:
    """These are all keys of these customers, whose rows the caller has locked. Five statements."""
    held = CustomerKey.objects.filter(customer__pk__any=list(customers))
    before = set(held.values_list("key", "customer_id", "unit_id"))
    gone, new = before - set(keys), set(keys) - before
    touched = {key for key, _customer, _unit in (*gone, *new)}
    if not touched:
        return
    _lock(touched)
    if gone:
        held.filter(key__any=list({key for key, _customer, _unit in gone})).delete()
    kept = {key for key in keys if key in new or key[0] in {one[0] for one in gone}}
    insert_many([CustomerKey(key=key, customer_id=pk, unit_id=unit) for key, pk, unit in sorted(kept)])
    _flag(touched)


def flag(customers: Sequence[UUID]) -> None:
    """Says anew which of their keys are shared; after somebody said that two are not one."""
    keys = set(CustomerKey.objects.filter(customer__pk__any=list(customers)).values_list("key", flat=True))
    _lock(keys)
    _flag(keys)


def misjudged(customers: Sequence[UUID]) -> set[UUID]:
    """Who of them has a key that is said to be shared and is not, or is shared and not said to be."""
    with connection.cursor() as cursor:
        cursor.execute(_MISJUDGED, [list(customers)])
        return {customer for (customer,) in cursor.fetchall()}


def _lock(keys: Collection[str]) -> None:
    """Until the end of the transaction. In one order, so that no two wait for each other."""
    buckets = sorted({int(key[1:9], 16) % _BUCKETS for key in keys})
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [_CLASS, buckets])


def _flag(keys: Collection[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FLAG, [sorted(keys)])
