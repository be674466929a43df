"""The signed night: one short document over the heads of all logs, each naming the night before.

Two lists stand behind a document: `changed`, the heads that moved since the night before, and `all`, the newest head of
every log. The document holds digests only. A log goes by a blinded name, so that a list tells neither which case it
means nor when that was opened. Of sealed logs the document holds one digest over both lists and a salt that only this
installation can find: it looks the same whether there are none, one or many, and whether anything happened. It also
names the last change of the house, so that a record cut at its end is seen, and both lists of the matters' streams.

`config/verifier/kesu_verify.py` reads the same formats without this program; change both or neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from kesu.casefile.chain import canonical
from kesu.casefile.proof.streaming import CHUNK, chunks
from kesu.casefile.streams import MATTERS, ORDINARY, SEALED, Head, Stream
from kesu.store.keys import ring
from kesu.store.models import Case, HouseChange, Matter, SignedNight
from kesu.store.sealed_reader import SYSTEM, read_as

FORMAT: Final = "kesu-night/1"
CHANGED: Final = "changed"
ALL: Final = "all"
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('kesu.nights', 0))"

Leaf = tuple[str, int, str, str]
"""Blinded name of a log, number of its events, hash of the last one, digest of the case's own row."""

_LEAF: Final = ("stream", "version", "head", "identity")


def blinded(case_id: UUID) -> str:
    return hashlib.sha256(f"kesu-stream/1 {case_id}".encode()).hexdigest()


def identity_document(head: Head | Matter) -> list[str]:
    """What the row of a case or a matter says beside its log, and must not change without it."""
    if isinstance(head, Matter):
        return [str(head.unit_id), head.opened_at.astimezone(UTC).isoformat(timespec="microseconds")]
    return [
        head.kind,
        head.policy_version_id,
        head.calendar_version_id,
        str(head.unit_id),
        head.channel,
        head.received_at.astimezone(UTC).isoformat(timespec="microseconds"),
        head.number if isinstance(head, Case) else head.code,
    ]


def identity_of(head: Head | Matter) -> str:
    return hashlib.sha256(canonical(identity_document(head))).hexdigest()


def list_lines(part: str, number: int, night: date, leaves: Iterable[Leaf]) -> Iterator[str]:
    """The text of a list, line by line; its digest is the sha256 of exactly this."""
    yield f"kesu-list/1 {part} {number} {night.isoformat()}\n"
    for stream, version, head, identity in leaves:
        yield f"{stream} {version} {head} {identity}\n"


def list_digest(part: str, number: int, night: date, leaves: Iterable[Leaf]) -> str:
    total = hashlib.sha256()
    for line in list_lines(part, number, night, leaves):
        total.update(line.encode())
    return total.hexdigest()


def changed_leaves(stream: Stream, number: int) -> Iterator[Leaf]:
    """What the night with this number lists, in the order of blinded names."""
    rows = stream.listed.filter(night_id=number).order_by("stream")
    return iter(rows.values_list(*_LEAF).iterator(CHUNK))


def all_leaves(stream: Stream, number: int) -> Iterator[Leaf]:
    """The newest head of every log that this night or an earlier one lists, in the order of blinded names."""
    rows = stream.listed.filter(night_id__lte=number).order_by("stream", "-night_id").distinct("stream")
    return iter(rows.values_list(*_LEAF).iterator(CHUNK))


def sealed_salt(number: int, night: date) -> str:
    return ring().derive("kesu-night", f"{number} {night.isoformat()}").hex()


def sealed_commitment(salt: str, changed: str, everything: str) -> str:
    return hashlib.sha256(canonical(["kesu-sealed/1", salt, changed, everything])).hexdigest()


def digest_of(document: str) -> str:
    """How the night after names a night."""
    return hashlib.sha256(document.encode()).hexdigest()


def parts_of(night: SignedNight) -> dict[str, Any]:
    """The document as data. Raises `ValueError` when it is none."""
    found = json.loads(night.document)
    if not isinstance(found, dict):
        raise ValueError(night.number)
    return found


def sign(night: date, at: datetime) -> tuple[SignedNight, int] | None:
    """Signs the heads of this moment as those of `night`, and says how many ordinary ones are listed; None when this
    night or a later one is signed already. Inside a transaction, whose reader is the system until its end. Raises
    `SigningKeyMissing`."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    last = SignedNight.objects.order_by("-number").first()
    if last is not None and last.night >= night:
        return None
    read_as(SYSTEM)
    number = last.number + 1 if last else 1
    listed = _list_changed(ORDINARY, number)
    _list_changed(SEALED, number)
    _list_changed(MATTERS, number)
    document = canonical(
        {
            "format": FORMAT,
            "number": number,
            "night": night.isoformat(),
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "previous": digest_of(last.document) if last else "",
            "key": ring().signer,
            "ordinary": _digests(ORDINARY, number, night),
            "sealed": commitment_of_sealed(number, night),
            "house": _house(),
            "matters": _digests(MATTERS, number, night),
        }
    )
    row = SignedNight(
        number=number,
        night=night,
        at=at,
        document=document.decode(),
        key_id=ring().signer,
        signature=ring().sign(document).hex(),
    )
    row.save(force_insert=True)
    return row, listed


def _house() -> dict[str, Any]:
    """How many changes of the house there are, and the hash of the last one."""
    last = HouseChange.objects.order_by("-seq").values_list("seq", "hash").first()
    return {"changes": last[0], "head": last[1]} if last else {"changes": 0, "head": ""}


def _list_changed(stream: Stream, number: int) -> int:
    """Names the heads that no night has named yet. The rows point at a night that is written at the end."""
    known = stream.listed.filter(case_id=OuterRef("pk"), version=OuterRef("version"), head=OuterRef("head"))
    changed = stream.heads.filter(~Exists(known))
    count = 0
    for part in chunks(changed.iterator(CHUNK)):
        stream.listed.bulk_create([_listed(stream, head, number) for head in part])
        count += len(part)
    return count


def _listed(stream: Stream, head: Head | Matter, number: int) -> Any:
    row = stream.listed.model(
        night_id=number,
        case_id=head.pk,
        stream=blinded(head.pk),
        version=head.version,
        head=head.head,
        identity=identity_of(head),
    )
    if isinstance(head, Case):
        row.number = head.number
    return row


def _digests(stream: Stream, number: int, night: date) -> dict[str, str]:
    return {
        CHANGED: list_digest(CHANGED, number, night, changed_leaves(stream, number)),
        ALL: list_digest(ALL, number, night, all_leaves(stream, number)),
    }


def commitment_of_sealed(number: int, night: date) -> str:
    """The transaction must read as the system."""
    digests = _digests(SEALED, number, night)
    return sealed_commitment(sealed_salt(number, night), digests[CHANGED], digests[ALL])
