"""Cases that are alike and not about the same thing, as somebody found."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kesu.store.inserting import insert
from kesu.store.models import MatterSetAside


def set_aside(first: UUID, second: UUID, *, by: UUID, now: datetime) -> None:
    """For good, whichever of the two is looked at. Nothing happens when it was found before."""
    case, other = sorted((first, second))
    insert([MatterSetAside(case_id=case, other_id=other, by_id=by, at=now)], or_keep=True)


def apart_from(case_id: Any) -> Q:
    """Of rows that have the key of a case: those that nobody set aside for this one."""
    pairs = Q(case_id=case_id, other_id=OuterRef("pk")) | Q(case_id=OuterRef("pk"), other_id=case_id)
    return ~Q(Exists(MatterSetAside.objects.filter(pairs)))
