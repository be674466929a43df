"""Two cases are about the same thing: they become members of one matter, and its head count reaches both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.due import locked_case
from kesu.access.permissions import Permission
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters import MATTER_JOINED, members_of, merge, person_fact, persons_of
from kesu.core.errors import Unacceptable


@transaction.atomic
def join_matter(*, actor: Actor, at: datetime, case_id: UUID, other_id: UUID) -> None:
    """Both cases must be in the actor's sight, and he must have the right at each. Already joined: nothing happens.
    The matter is locked first, then its cases by id. Raises `NotFound`, `Forbidden`, `Unacceptable` (with itself)."""
    if case_id == other_id:
        raise Unacceptable("same_case", data={"fields": {"other": "same_case"}, "refusals": ()})
    first, second = (case_for(actor, i, Permission.MATTER_JOIN) for i in (case_id, other_id))
    matter = merge(first, second, at)
    if matter is None:
        return
    cases = [
        case_for(actor, pk, lock=True) if pk in (case_id, other_id) else locked_case(pk) for pk in members_of(matter)
    ]
    files = [CaseFile.open(case) for case in cases]
    for file in files:
        told_as = person_fact(file.kind)
        if told_as is None:
            continue
        for person, since in list(_missing(file, files, told_as)):
            file.state_world(MATTER_JOINED, {told_as: person}, since, at)


def _missing(file: CaseFile, files: Sequence[CaseFile], told_as: str) -> Iterator[tuple[str, datetime]]:
    """Persons of the matter whom this case's log does not yet know through it, with the moment they joined in."""
    known = {str(e.facts[told_as]) for e in file.log if e.kind == MATTER_JOINED}
    for other in files:
        for person, since in persons_of(other.log, other.kind):
            if person not in known:
                known.add(person)
                yield person, since
