"""Checks the record of changes in the house: every number is there, and each change names the one before it."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.casefile.house import change_hash
from kesu.casefile.proof.findings import Finding, Found
from kesu.store.models import HouseChange


def check_house() -> Iterator[Finding]:
    """What was cut off at the end is not seen here: nothing after it says so."""
    expected, before = 1, ""
    for row in HouseChange.objects.order_by("seq").iterator(500):
        while expected < row.seq:
            yield Finding(Found.HOUSE_MISSING, seq=expected)
            expected, before = expected + 1, row.previous
        if row.hash != change_hash(row) or row.previous != before:
            yield Finding(Found.HOUSE_CHANGED, seq=row.seq)
        expected, before = row.seq + 1, row.hash
