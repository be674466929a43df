"""What would become of running cases that went over to the version of their policy in force, for operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.due import running_under
from kesu.access.system import every_card
from kesu.casefile import going_over
from kesu.casefile.books import told_apart
from kesu.casefile.casefile import CaseFile
from kesu.core.errors import NotFound
from kesu.store.models import PolicyVersion, Unit


@dataclass(frozen=True, slots=True)
class WouldGo:
    """One case: what would be otherwise, or why it would stay as it is. Never both. `before`, `after`: versions of the
    policy, as they are printed."""

    number: str
    before: str
    after: str
    found: going_over.Difference | None
    why: tuple[going_over.Hindrance, ...]


@dataclass(frozen=True, slots=True)
class CarryOverPreview:
    """`rows` are worked out one after the other, while they are read."""

    rows: Iterator[WouldGo] = field(repr=False)


def carrying_over(
    *,
    pack_code: str,
    at: datetime,
    unit_id: UUID | None = None,
    stages: Mapping[str, str] | None = None,
    levels: Mapping[str, str] | None = None,
) -> CarryOverPreview:
    """What `carry_over` would do, worked out case by case while it is read. Ordinary cases only: sealed ones go over in
    silence. Raises `NotFound` for an unknown unit, and for a policy of which there is no version."""
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else None
    versions = dict(PolicyVersion.objects.filter(pack=pack_code).values_list("pk", "version"))
    if (unit_id and unit is None) or not versions:
        raise NotFound
    names = going_over.Names(stages or {}, levels or {})
    return CarryOverPreview(_each(versions, unit.path if unit is not None else "/", names, at))


def _each(versions: Mapping[str, str], path: str, names: going_over.Names, at: datetime) -> Iterator[WouldGo]:
    for version in versions:
        for case_id in running_under(version, path):
            found = _of_case(case_id, names, at)
            if found is not None:
                yield found


@transaction.atomic
def _of_case(case_id: UUID, names: going_over.Names, at: datetime) -> WouldGo | None:
    card = every_card().select_related("case__unit", "case__policy_version").filter(pk=case_id).first()
    if card is None:
        return None
    file = CaseFile.open(card.case)
    after = going_over.version_to_follow(file, at)
    if after is None:
        return None
    why = going_over.hindrances(file, after, names, at)
    event = None if why else going_over.renewed_event(file, after, names, "", at)
    found = going_over.difference(file, event, at) if event is not None else None
    older, newer = told_apart(card.case.policy_version_id, after)
    return WouldGo(card.number, older, newer, found, why)
