"""A day of a register on paper, with for whom and where to: what the post office stamps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.registers import sent
from kesu.casefile import notes
from kesu.core.masking import masked_name

MOST: Final = 500
DAY_LIST: Final = "day-list"
"""What was printed, where a case says that it was: no document of a policy has a hyphen."""


@dataclass(frozen=True, slots=True)
class DayLine:
    number: str
    mark: str
    person: str
    place: str
    case_number: str


@dataclass(frozen=True, slots=True)
class DayList:
    """`is_cut`: there are more."""

    lines: tuple[DayLine, ...]
    is_cut: bool


@transaction.atomic
def print_day(*, actor: Actor, at: datetime, register: str, mark: str, since: datetime, until: datetime) -> DayList:
    """Each case keeps that it was printed, before anything is shown. Of cases whose people the reader may not see,
    names are masked and rooms left out. Raises `Forbidden` without the right to personal data anywhere."""
    actor.require(Permission.PERSONAL_READ)
    found = sent(actor, register, mark, since, until, MOST + 1)
    listed = found[:MOST]
    for case in {one.case.pk: one.case for one in listed if one.in_clear}.values():
        notes.add(case, text=DAY_LIST, visibility=notes.PRINTED, author=actor.account_id, at=at)
    lines = (
        DayLine(
            one.entry.number,
            one.entry.mark,
            one.person if one.in_clear else masked_name(one.person),
            one.place if one.in_clear else one.case.unit.name,
            one.case.number,
        )
        for one in listed
    )
    return DayList(tuple(lines), len(found) > MOST)
