"""The sealed cases whose allow list names the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.openings import takers_in
from kesu.access.sealed import sealed_cases_for
from kesu.casefile.books import calendar_of, kind_of, pack_of
from kesu.core.errors import NotFound
from kesu.policy.calendar import Calendar
from kesu.policy.model.pack import Kind
from kesu.store.models import Adoption


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


@dataclass(frozen=True, slots=True)
class SealedList:
    """`takes_in`: the reader may take reports in for others."""

    rows: tuple[SealedRow, ...]
    takes_in: bool


@transaction.atomic
def sealed_list(*, actor: Actor, at: datetime) -> SealedList:
    """Three queries. Raises `NotFound` for whoever holds no slot that an adopted sealed kind opens to, and is on no
    list either: for him there is no such page, whether or not there is a case."""
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
            calendar=calendar_of(case.calendar_version_id),
        )
        for case in sealed_cases_for(actor)
    )
    kinds = _sealed_kinds(at)
    if not rows and not _has_a_slot(actor, kinds):
        raise NotFound
    return SealedList(rows, any(actor.slots & takers_in(kind) for kind in kinds))


def _has_a_slot(actor: Actor, kinds: list[Kind]) -> bool:
    held = actor.slots
    return any(held.intersection(kind.secrecy.slots) for kind in kinds if kind.secrecy)


def _sealed_kinds(at: datetime) -> list[Kind]:
    """Of every policy that was adopted by now: cases go on under those that were replaced."""
    adopted = Adoption.objects.filter(effective_from__lte=at).values_list("policy_version_id", flat=True).distinct()
    return [kind for policy in adopted for kind in pack_of(policy).kinds.values() if kind.is_sealed]
