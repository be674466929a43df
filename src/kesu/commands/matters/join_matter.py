"""Two cases are about the same thing: they become members of one matter, and its head count reaches both."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.due import locked_case
from kesu.access.permissions import Permission
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters import hold_matters, members_of, merge, tell
from kesu.core.errors import Unacceptable


@transaction.atomic
def join_matter(*, actor: Actor, at: datetime, case_id: UUID, other_id: UUID) -> None:
    """Both cases must be in the actor's sight, and he must have the right at each. Already joined: nothing happens.
    The matters are held first, then the cases locked by id. Raises `NotFound`, `Forbidden`, `Unacceptable` (a case
    with itself)."""
    if case_id == other_id:
        raise Unacceptable("same_case", data={"fields": {"other": "same_case"}, "refusals": ()})
    first, second = (case_for(actor, i, Permission.MATTER_JOIN) for i in (case_id, other_id))
    hold_matters()
    matter = merge(first, second, at)
    if matter is None:
        return
    cases = [
        case_for(actor, pk, lock=True) if pk in (case_id, other_id) else locked_case(pk) for pk in members_of(matter)
    ]
    files = [CaseFile.open(case) for case in cases]
    tell(files, at)
