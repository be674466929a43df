"""The sealed cases whose allow list names the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.openings import policies_by, sealed_kinds, sees_reports
from kesu.access.sealed import sealed_cases_for
from kesu.casefile.books import calendar_of, kind_of
from kesu.core.errors import NotFound
from kesu.policy.calendar import Calendar


@dataclass(frozen=True, slots=True)
class SealedRow:
    """No name, no text: what the list shows may be seen over a shoulder."""

    id: UUID
    code: str
    kind: str
    stage: str
    is_final: bool
    received_at: datetime
    duty: str
    due_at: datetime | None
    calendar: Calendar


@transaction.atomic
def sealed_list(*, actor: Actor, at: datetime) -> tuple[SealedRow, ...]:
    """Three queries at most. Raises `NotFound` for whoever holds no slot that a sealed kind of an adopted policy opens
    to, and is on no list either: for him there is no such page, whether or not there is a case."""
    rows = tuple(
        SealedRow(
            id=case.pk,
            code=case.code,
            kind=kind_of(case.policy_version_id, case.kind).name,
            stage=case.stage_name,
            is_final=case.is_final,
            received_at=case.received_at,
            duty=case.next_duty,
            due_at=case.next_due_at,
            calendar=calendar_of(case.counted_with_id or case.calendar_version_id),
        )
        for case in sealed_cases_for(actor)
    )
    if not rows and not sees_reports(actor, sealed_kinds(policies_by(at))):
        raise NotFound
    return rows
