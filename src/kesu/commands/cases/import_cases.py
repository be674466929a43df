"""Many reports at once, from a file: everything is checked first, and all of them are registered or none."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import in_sight_of
from kesu.access.openings import served
from kesu.access.takers import taker_for
from kesu.casefile import tokens
from kesu.casefile.opening import DESK, desk_token, open_case
from kesu.core.errors import NotNow, Unacceptable
from kesu.core.ids import uuid7
from kesu.core.importing import ListedLine, RefusedLine

MOST: Final = 300
"""So many are registered while whoever sent them waits, and everybody else at that place with him."""


@transaction.atomic
def import_cases(
    *, actor: Actor, at: datetime, unit_id: UUID, kind: str, subject: str | None, lines: Sequence[ListedLine]
) -> tuple[UUID, ...]:
    """The cases, in the order of the rows; each with all that follows from registering it. Raises `Forbidden`,
    `NotFound`, and `Unacceptable`: with `data["lines"]` (a `RefusedLine` each) where any row is wrong, or where the
    same rows were brought in before (`data["number"]`: of the first case)."""
    if len(lines) > MOST:
        raise Unacceptable("too_many_lines")
    opened, wrong, known = [], [], set()
    for line in lines:
        same = line.text
        try:
            with transaction.atomic():
                if same in known:
                    raise Unacceptable("line_twice")
                opened.append(_open(actor, at, unit_id, kind, subject, line))
        except (NotNow, Unacceptable) as refused:
            wrong.append(RefusedLine(line.number, refused))
        known.add(same)
    if wrong:
        raise Unacceptable("lines_wrong", data={"lines": tuple(wrong)})
    if opened:
        _once(opened[0], at, f"{kind}/{unit_id.hex}/{subject}/{sorted(known)!r}")
    return tuple(opened)


def _open(actor: Actor, at: datetime, unit_id: UUID, kind: str, subject: str | None, line: ListedLine) -> UUID:
    unit, adoption, rules = served(
        actor, unit_id=unit_id, kind=kind, subject=subject, happened_at=line.happened_at, at=at
    )
    case_id = uuid7()
    open_case(
        adoption=adoption,
        unit=unit,
        channel=DESK,
        taker=taker_for(actor, unit.path, rules, ()),
        given=line.given,
        at=line.happened_at,
        now=at,
        token=desk_token(case_id),
        case_id=case_id,
        sees=in_sight_of(actor),
    )
    return case_id


def _once(first: UUID, at: datetime, what: str) -> None:
    """The same rows are brought in once, whatever the file is called and however often it is sent."""
    earlier = tokens.claim(f"import {hashlib.sha256(what.encode()).hexdigest()}", first, at)
    if earlier is not None:
        raise Unacceptable("imported_before", data={"number": earlier.number})
