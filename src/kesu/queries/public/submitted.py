"""What somebody is told right after submitting: the number, and what the policy promises him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kesu.access.cases import case_by_secret
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import read_log
from kesu.policy.standing import said, standing


@dataclass(frozen=True, slots=True)
class Promised:
    """`text` holds ``{due}`` and ``{case}`` where `due_at` and the number belong."""

    text: str
    due_at: datetime | None
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class SubmittedPage:
    number: str
    kind: str
    unit: str
    received_at: datetime
    promises: tuple[Promised, ...]


def submitted_page(*, at: datetime, secret: str) -> SubmittedPage:
    """Raises `NotFound` for a link that fits nothing."""
    case = case_by_secret(secret)
    kind, calendar = kind_of(case.policy_version_id, case.kind), calendar_of(case.calendar_version_id)
    log = read_log(case, kind)
    current = standing(kind, log, at, calendar)
    found = []
    for promise in said.promises(kind, current):
        due = said.next_due(current, promise.duty) if promise.duty else None
        if due is not None:
            found.append(Promised(promise.text, due.due_at, due.is_provisional))
        elif not promise.duty:
            found.append(Promised(promise.text, None))
    return SubmittedPage(case.number, kind.name, case.unit.name, case.received_at, tuple(found))
