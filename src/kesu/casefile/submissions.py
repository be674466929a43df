"""Keeps what its authors laid before the signers beside the case, so that a list of it reads no log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from kesu.policy.standing.results import Standing
from kesu.store.models import Case, SubmittedApproval

FIELDS: Final = ("name", "author_id", "opened_at", "status", "closed_at")
_HEX: Final = 32
"""Signs in the identifier of an account; others are customers and people outside."""


def project(head: Case, current: Standing) -> None:
    """Brings the rows of the case in line with how it stands. A case without approvals asks nothing."""
    wanted = rows_of(head, current)
    if not current.approvals:
        return
    held = {(row.approval, row.round): row for row in SubmittedApproval.objects.filter(case=head)}
    gone = [row.pk for key, row in held.items() if key not in wanted]
    if gone:
        SubmittedApproval.objects.filter(pk__in=gone).delete()
    moved = [row for key, row in wanted.items() if key not in held or _said(held[key]) != _said(row)]
    if moved:
        SubmittedApproval.objects.bulk_create(
            moved, update_conflicts=True, unique_fields=["case", "approval", "round"], update_fields=list(FIELDS)
        )


def rows_of(head: Case, current: Standing) -> dict[tuple[str, int], SubmittedApproval]:
    """The rows as they should be, not yet written; of people of the house only."""
    return {
        (one.code, one.opened_seq): SubmittedApproval(
            case=head,
            approval=one.code,
            round=one.opened_seq,
            name=one.name,
            author_id=UUID(one.submitted_by),
            opened_at=one.opened_at,
            status=one.status.value,
            closed_at=one.closed_at,
        )
        for one in current.approvals
        if one.submitted_by is not None and len(one.submitted_by) == _HEX
    }


def unlike(head: Case, current: Standing) -> Iterator[tuple[str, str, str]]:
    """Where the rows of the case are not what they should be: which, what is stored, and what should be."""
    wanted = rows_of(head, current)
    held = {(row.approval, row.round): row for row in SubmittedApproval.objects.filter(case=head)}
    for key in sorted(wanted.keys() | held.keys()):
        stored, right = _said(held.get(key)), _said(wanted.get(key))
        if stored != right:
            yield f"{key[0]}@{key[1]}", str(stored), str(right)


def _said(row: SubmittedApproval | None) -> tuple[object, ...]:
    return () if row is None else tuple(getattr(row, field) for field in FIELDS)
