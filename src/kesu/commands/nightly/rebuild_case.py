"""Brings the rows that lists read of one case in line with its log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.due import locked_case
from kesu.casefile.casefile import CaseFile


@transaction.atomic
def rebuild_case(*, case_id: UUID, at: datetime) -> None:
    """Does what the worker does when it wakes the case, whether it is due or not; what time has brought about by then
    is recorded too. Safe to repeat."""
    CaseFile.open(locked_case(case_id)).settle(at)
