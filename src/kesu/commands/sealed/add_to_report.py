"""The reporter adds to his report, with the receipt code that only he has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kesu.access.sealed import sealed_by_secret
from kesu.access.takers import complainant_taker
from kesu.casefile import sealed_files
from kesu.casefile.casefile import CaseFile
from kesu.casefile.sealing import renew_allow_list
from kesu.casefile.statement import Given
from kesu.core.uploads import Upload
from kesu.store.sealed_reader import SYSTEM, read_as


@transaction.atomic
def add_to_report(
    *,
    at: datetime,
    secret: str,
    step: str,
    given: Given,
    uploads: Sequence[Upload] = (),
    seen: int | None = None,
) -> None:
    """`seen`: how much the reporter had said when his form was drawn (`ReportStatus.said`); the same form sent twice
    is taken once. Raises `NotFound` for a code that fits nothing, `Unacceptable` where the report would hold more
    than `sealed_files.MOST_OF_A_REPORT`, else what the policy says of the step for a reporter."""
    case = sealed_by_secret(secret, lock=True)
    read_as(SYSTEM)
    file = CaseFile.open(case)
    taker = complainant_taker()
    own = [event.seq for event in file.log if event.by == taker.by]
    if seen is not None and 0 <= seen < len(own):
        since = own[seen - 1] if seen else 0  # whose report was taken in at the desk has said nothing himself at first
        if file.has_taken(step, taker=taker, given=given, since=since, now=at, uploads=uploads):
            return
    sealed_files.check_room(case, uploads)
    file.take(step, taker=taker, given=given, at=at, now=at, uploads=uploads)
    renew_allow_list(file, at)
