"""The papers that cases in the reader's sight have issued: rows of registers, and where each was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.permissions import Permission
from kesu.store.models import Case, CaseCard, RegisterEntry


@dataclass(frozen=True, slots=True)
class Sent:
    """A paper with the case that it left, for whom and where to. `in_clear`: the reader may see who somebody is."""

    entry: RegisterEntry
    case: Case
    person: str
    place: str
    in_clear: bool


def entries_in_sight(actor: Actor) -> QuerySet[RegisterEntry]:
    """Raises `Forbidden`."""
    actor.require(Permission.CASE_READ)
    return RegisterEntry.objects.filter(Exists(cards_for(actor).filter(pk=OuterRef("case_id"))))


def entries_of(actor: Actor, register: str, mark: str, since: datetime, until: datetime) -> QuerySet[RegisterEntry]:
    """What was issued in this time, the first one first."""
    known = entries_in_sight(actor).filter(register=register, known_at__gte=since, known_at__lt=until)
    return (known.filter(mark=mark) if mark else known).order_by("known_at", "pk")


def sent(actor: Actor, register: str, mark: str, since: datetime, until: datetime, most: int) -> tuple[Sent, ...]:
    """For whom and where to as the card of each case says. Two queries."""
    rows = list(entries_of(actor, register, mark, since, until).select_related("case__unit")[:most])
    own = {row.case_id for row in rows}
    cards: dict[UUID, CaseCard] = {card.pk: card for card in cards_for(actor).filter(pk__in=own)}
    return tuple(
        Sent(
            row,
            row.case,
            cards[row.case_id].person_name,
            " ".join(part for part in (row.case.unit.name, cards[row.case_id].room) if part),
            actor.may_at(Permission.PERSONAL_READ, row.case.unit.path),
        )
        for row in rows
        if row.case_id in cards
    )
