"""Are the files of a case there, and the ones that its log names? Each is read and compared with the hash in the event
that it came with: neither another file in its place nor another hash in its row goes unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag

from kesu.casefile import files
from kesu.casefile.named_files import FileRef
from kesu.casefile.proof.findings import Found
from kesu.store.models import Case, StoredFile


@dataclass(frozen=True, slots=True)
class Named:
    """A file as an event names it."""

    seq: int
    fact: str
    ref: FileRef


@dataclass(frozen=True, slots=True)
class WrongFile:
    found: Found
    seq: int | None
    id: UUID


def wrong_files(
    case: Case, named: Sequence[Named], rows: Sequence[StoredFile], unread: Collection[int]
) -> Iterator[WrongFile]:
    """`unread`: the events whose texts were destroyed, wholly or in part: they name nothing any more, and what came
    with them stays unproven. One file in memory at a time."""
    by_id = {row.pk: row for row in rows}
    for one in named:
        row = by_id.pop(one.ref.id, None)
        found = Found.FILE_MISSING if row is None else _wrong(case, one, row)
        if found is not None:
            yield WrongFile(found, one.seq, one.ref.id)
    for row in by_id.values():
        if row.event_seq not in unread:
            yield WrongFile(Found.FILE_UNPROVEN, row.event_seq, row.pk)


def _wrong(case: Case, named: Named, row: StoredFile) -> Found | None:
    row.case = case
    expected = named.ref.sha256 or row.sha256
    if (row.event_seq, row.fact, row.sha256) != (named.seq, named.fact, expected):
        return Found.FILE_ROW_CHANGED
    try:
        plain = files.content(row)
    except FileNotFoundError:
        return Found.FILE_MISSING
    except (InvalidTag, ValueError):
        return Found.FILE_CHANGED
    return None if hashlib.sha256(plain).hexdigest() == expected else Found.FILE_CHANGED
