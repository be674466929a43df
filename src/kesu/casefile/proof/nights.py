"""Checks the signed nights: each signature, each link to the night before, and the lists behind each document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kesu.casefile.proof.findings import Finding, Found
from kesu.casefile.proof.night import (
    ALL,
    CHANGED,
    FORMAT,
    all_leaves,
    changed_leaves,
    commitment_of_sealed,
    digest_of,
    list_digest,
    parts_of,
)
from kesu.casefile.streams import MATTERS, ORDINARY, Stream
from kesu.store.keys import ring
from kesu.store.models import SignedNight


def check_nights(*, is_sealed: bool) -> Iterator[Finding]:
    """`is_sealed`: also the lists of sealed logs; the transaction must then read as the system.

    The list of all heads is only looked at for the newest night: it follows from the changes of all nights."""
    keys = {name: Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for name, key in ring().public_keys().items()}
    nights = SignedNight.objects.order_by("number")
    newest = nights.values_list("number", flat=True).last()
    if newest is None:
        yield Finding(Found.NO_NIGHT)
        return
    number, before = 0, ""
    for night in nights.iterator(200):
        if night.number != number + 1:
            yield Finding(Found.NIGHT_MISSING, night=f"{number + 1}")
        elif _part(night, "previous") != before:
            yield Finding(Found.NIGHT_UNLINKED, night=str(night.night))
        found = _fault(night, keys)
        if found is not None:
            yield Finding(found, night=str(night.night))
        elif not _lists_hold(night, is_newest=night.number == newest):
            yield Finding(Found.LIST_CHANGED, night=str(night.night))
        elif is_sealed and commitment_of_sealed(night.number, night.night) != _part(night, "sealed"):
            yield Finding(Found.SEALED_LIST_CHANGED, night=str(night.night))
        number, before = night.number, digest_of(night.document)


def _part(night: SignedNight, name: str) -> Any:
    try:
        return parts_of(night).get(name)
    except ValueError:
        return None


def _fault(night: SignedNight, keys: Mapping[str, Ed25519PublicKey]) -> Found | None:
    key = keys.get(night.key_id)
    if key is None:
        return Found.SIGNER_UNKNOWN
    try:
        key.verify(bytes.fromhex(night.signature), night.document.encode())
    except (InvalidSignature, ValueError):
        return Found.NIGHT_UNSIGNED
    told = [_part(night, name) for name in ("format", "number", "night", "key")]
    is_same = told == [FORMAT, night.number, night.night.isoformat(), night.key_id]
    return None if is_same else Found.NIGHT_CHANGED


def _lists_hold(night: SignedNight, *, is_newest: bool) -> bool:
    parts = {"ordinary": ORDINARY, "matters": MATTERS}
    told = {part: _part(night, part) for part in parts}
    # Nights of older versions say nothing of matters.
    return all(
        _list_holds(night, parts[part], digests, is_newest=is_newest)
        for part, digests in told.items()
        if digests is not None or part == "ordinary"
    )


def _list_holds(night: SignedNight, stream: Stream, told: Mapping[str, str], *, is_newest: bool) -> bool:
    changed = list_digest(CHANGED, night.number, night.night, changed_leaves(stream, night.number))
    if changed != told[CHANGED]:
        return False
    if not is_newest:
        return True
    return bool(list_digest(ALL, night.number, night.night, all_leaves(stream, night.number)) == told[ALL])
