"""The receipts of cases as a document that is worked out again elsewhere: no person, no text and no room in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.sight.reading import CaseRead, read_case
from kesu.access.system import case_named
from kesu.casefile.books import calendar_of, pack_of
from kesu.casefile.log import read_log
from kesu.policy.events import calendars_of
from kesu.policy.receipts import ReceiptsOf, receipts_document
from kesu.policy.standing import standing
from kesu.store.models import Case

MOST_CASES: Final = 200
"""Of one file: each case is worked out anew from its log."""


def case_receipts(*, actor: Actor, at: datetime, case_id: UUID) -> tuple[str, dict[str, Any]]:
    """The number of a case and its receipts. Raises `NotFound` outside the actor's scope."""
    read = read_case(actor, at, case_id)
    return read.case.number, receipts_document([_of(read)], at)


def receipts_of(*, actor: Actor, at: datetime, case_ids: Collection[UUID]) -> dict[str, Any]:
    """Those of several cases, of the ones that the actor may see, `MOST_CASES` at most."""
    seen = cards_for(actor).filter(pk__in=list(case_ids)[:MOST_CASES]).order_by("number").values_list("pk", flat=True)
    return receipts_document([_of(read_case(actor, at, pk)) for pk in seen], at)


def receipts_by_number(*, at: datetime, numbers: Collection[str]) -> dict[str, Any]:
    """For whoever runs the program, of ordinary cases. Raises `NotFound` for a number that none has."""
    return receipts_document([_whole(case_named(number), at) for number in dict.fromkeys(numbers)], at)


def _of(read: CaseRead) -> ReceiptsOf:
    case = read.case
    return ReceiptsOf(
        case.number,
        case.policy_version_id,
        case.version,
        case.head,
        read.current.obligations,
        calendars_of(read.log, read.calendar),
    )


def _whole(case: Case, at: datetime) -> ReceiptsOf:
    kind = pack_of(case.policy_version_id).kinds[case.kind]
    calendar = calendar_of(case.calendar_version_id)
    log = read_log(case, kind)
    seen, calendars = standing(kind, log, at, calendar), calendars_of(log, calendar)
    return ReceiptsOf(case.number, case.policy_version_id, case.version, case.head, seen.obligations, calendars)
