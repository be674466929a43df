"""Which cases have a number under which programs outside know a report, while somebody of the house types it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for, may_be_spoken_of
from kesu.access.permissions import Permission
from kesu.access.sources import numbering
from kesu.casefile import arrivals
from kesu.casefile.statement import Given
from kesu.store.models import Unit


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """`said`: as it was typed. `id` None, and no title: the case is out of sight."""

    said: str
    id: UUID | None = None
    number: str = ""
    title: str = ""
    stage: str = ""


def known_numbers(*, actor: Actor, unit_id: UUID, kind: str, given: Given) -> tuple[KnownNumber, ...]:
    """For whoever registers there; nothing is said of cases that are confidential to him. One query where no program
    numbers such reports."""
    place = Unit.objects.filter(pk=unit_id).first()
    if place is None or not actor.may_at(Permission.CASE_REGISTER, place.path):
        return ()
    return tuple(_known(actor, place, kind, given))


def _known(actor: Actor, place: Unit, kind: str, given: Given) -> Iterator[KnownNumber]:
    for said, case_id in arrivals.cases_of_numbers(numbering(place, kind), given).items():
        seen = cards_for(actor).filter(pk=case_id).first()
        if seen is not None:
            yield KnownNumber(said, seen.pk, seen.number, seen.title, seen.stage_name)
        elif may_be_spoken_of(case_id):
            yield KnownNumber(said)
