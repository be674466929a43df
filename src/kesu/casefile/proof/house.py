"""Checks the record of changes in the house: every number is there, and each change names the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kesu.casefile.house import change_hash
from kesu.casefile.proof.findings import Finding, Found
from kesu.casefile.proof.night import parts_of
from kesu.store.models import HouseChange, SignedNight


def check_house() -> Iterator[Finding]:
    """What was cut off at the end is seen by the nights that were signed before."""
    expected, before = 1, ""
    for row in HouseChange.objects.order_by("seq").iterator(500):
        while expected < row.seq:
            yield Finding(Found.HOUSE_MISSING, seq=expected)
            expected, before = expected + 1, row.previous
        if row.hash != change_hash(row) or row.previous != before:
            yield Finding(Found.HOUSE_CHANGED, seq=row.seq)
        expected, before = row.seq + 1, row.hash
    yield from _against_nights(expected)


def _against_nights(expected: int) -> Iterator[Finding]:
    """`expected`: the number that the next change would get."""
    told = dict(_signed())
    hashes = dict(HouseChange.objects.filter(seq__in=told).values_list("seq", "hash"))
    if any(seq >= expected for seq in told):
        yield Finding(Found.HOUSE_CUT, seq=expected)
    for seq, head in sorted(told.items()):
        if seq in hashes and hashes[seq] != head:
            yield Finding(Found.HOUSE_CHANGED, seq=seq)


def _signed() -> Iterator[tuple[int, str]]:
    """Number and hash of the last change as each night found it; older nights say nothing of it."""
    for night in SignedNight.objects.order_by("number").iterator(200):
        house = _house_of(night)
        if house is not None and house["changes"]:
            yield int(house["changes"]), str(house["head"])


def _house_of(night: SignedNight) -> Any:
    try:
        return parts_of(night).get("house")
    except ValueError:
        return None  # told by the check of nights
