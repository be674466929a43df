"""Files of sealed cases: whole in their rows, details and bytes encrypted under the case's data key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final
from uuid import UUID

from django.db.models import BigIntegerField, Func, Sum

from kesu.casefile.chain import canonical
from kesu.casefile.files import Details, details_of
from kesu.casefile.log import data_key
from kesu.core.errors import Unacceptable
from kesu.core.keyring import seal, unseal
from kesu.core.uploads import Upload
from kesu.store.models import SealedCase, SealedFile

MOST_OF_A_REPORT: Final = 200 * 1024 * 1024
"""Bytes of files up to which a reporter may add more to his report: nothing takes them out again."""


def check_room(case: SealedCase, uploads: Sequence[Upload]) -> None:
    """Raises `Unacceptable` where the report would hold more than a reporter may add. One query."""
    size = Func("content", function="octet_length", output_field=BigIntegerField())
    held = SealedFile.objects.filter(case=case).aggregate(all=Sum(size))["all"] or 0
    if uploads and held + sum(len(one.content) for one in uploads) > MOST_OF_A_REPORT:
        raise Unacceptable("report_full", data={"fields": {uploads[0].fact: "report_full"}, "refusals": ()})


def keep(case: SealedCase, uploads: Sequence[Upload], ids: Sequence[UUID], *, seq: int) -> None:
    """`ids`: the identifiers that the event's body already names, in the order of the uploads. In the caller's
    transaction: what fails there leaves nothing behind."""
    key = data_key(case)
    for upload, file_id in zip(uploads, ids, strict=True):
        details = canonical(asdict(details_of(upload)))
        SealedFile.objects.create(
            id=file_id,
            case=case,
            event_seq=seq,
            details=seal(key, details, _details_context(file_id)),
            content=seal(key, upload.content, file_id.bytes),
        )


def details_by_id(case: SealedCase) -> dict[str, Details]:
    """What each file of the case is, by its identifier in hex. One query, which reads no content."""
    key = data_key(case)
    rows = SealedFile.objects.filter(case=case).values_list("pk", "details")
    return {pk.hex: _opened(key, pk, bytes(details)) for pk, details in rows}


def content(file: SealedFile) -> tuple[Details, bytes]:
    """The plain bytes and what they are."""
    key = data_key(file.case)
    return _opened(key, file.pk, bytes(file.details)), unseal(key, bytes(file.content), file.pk.bytes)


def same(case: SealedCase, seq: int, uploads: Sequence[Upload]) -> list[UUID] | None:
    """The identifiers of the files that came with event `seq`, in the order of the uploads; None where these are not
    the very files that came with it."""
    key = data_key(case)
    rows = SealedFile.objects.filter(case=case, event_seq=seq).values_list("pk", "details")
    there = [(_opened(key, pk, bytes(details)), pk) for pk, details in rows]
    found: list[UUID] = []
    for upload in uploads:
        wanted = details_of(upload)
        match = next((one for one in there if one[0] == wanted), None)
        if match is None:
            return None
        there.remove(match)
        found.append(match[1])
    return None if there else found


def _opened(key: bytes, file_id: UUID, details: bytes) -> Details:
    return Details(**json.loads(unseal(key, details, _details_context(file_id))))


def _details_context(file_id: UUID) -> bytes:
    return b"details/" + file_id.bytes
