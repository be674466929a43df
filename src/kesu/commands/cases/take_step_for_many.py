"""Somebody of the house takes one step for many people, from a list: everybody on it or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for, in_sight_of
from kesu.access.takers import taker_for
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.naming import count_named, held_for
from kesu.casefile.taking_many import may_be_taken_for_many, take_for_many
from kesu.core.errors import NotFound, Unacceptable
from kesu.core.importing import ListedLine

MOST: Final = 300
"""So many are added while whoever sent them waits, and everybody else at that case with him."""


@transaction.atomic
def take_step_for_many(
    *, actor: Actor, at: datetime, case_id: UUID, step: str, lines: Sequence[ListedLine]
) -> tuple[int, tuple[int, ...]]:
    """How many were added, and the numbers of the rows whose people the case names already: the same list may be sent
    again, and a longer one later. Raises `NotFound` for a step that is not such, `Forbidden`, and `Unacceptable` with
    `data["lines"]` where any row is wrong; nothing is written then."""
    if len(lines) > MOST:
        raise Unacceptable("too_many_lines")
    matter = held_for(case_id, step)  # before the case is locked, as whoever joins does
    case = case_for(actor, case_id, lock=True)
    file = CaseFile.open(case)
    rule = file.kind.steps.get(step)
    if rule is None or not may_be_taken_for_many(file.kind, rule):
        raise NotFound
    taker = taker_for(actor, case.unit.path, file.kind, file.log)
    taken = take_for_many(file, rule, taker=taker, lines=lines, now=at, sees=in_sight_of(actor))
    if taken.events:
        count_named(matter, file, taken.events[0], at)
    return len(taken.events), tuple(taken.known)
