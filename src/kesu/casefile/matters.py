"""Matters: which cases belong together, and which different persons stand behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from kesu.casefile.casefile import CaseFile
from kesu.casefile.persons import named_persons
from kesu.policy.events import Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.store.fixed import Fixed
from kesu.store.models import Case, CaseCard, Matter, MatterMember

MATTER_JOINED: Final = "matter.joined"
"""The world event by which a member learns of a person behind the matter."""


def person_fact(kind: Kind) -> str | None:
    """The fact in which this kind wants to be told of a person behind the matter; None when no rule of it listens."""
    event = kind.events.get(MATTER_JOINED)
    codes = event.facts if event else ()
    return next((code for code in codes if kind.facts[code].type is FactType.PERSON), None)


_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('kesu.matters', 0))"


def hold_matters() -> None:
    """Matters change one at a time: two joins that share a case would each see half of it, or wait for each other.
    Taken before any case is locked."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def merge(first: Case, second: Case, at: datetime) -> Matter | None:
    """The matter of both, made or widened as needed. None when they were members of one matter already. The caller
    holds the matters."""
    held = {m.case_id: m.matter_id for m in MatterMember.objects.filter(case__in=[first, second])}
    ids = sorted(set(held.values()))
    if len(held) == 2 and len(ids) == 1:
        return None
    if not ids:
        title = CaseCard.objects.values_list("title", flat=True).get(pk=first.pk)
        matter = Matter.objects.create(unit=first.unit, title=title, opened_at=at)
    else:
        matter = Matter.objects.get(pk=ids[0])
        MatterMember.objects.filter(matter_id__in=ids[1:]).update(matter=matter)
    for case in (first, second):
        MatterMember.objects.get_or_create(case=case, defaults={"matter": matter, "joined_at": at})
    return matter


def members_of(matter: Matter) -> list[UUID]:
    """Case ids in the order in which they are locked."""
    return sorted(matter.members.values_list("case_id", flat=True))


def is_shared(case_id: UUID) -> bool:
    """Whether the case is a member of a matter."""
    return bool(_MEMBER(case_id))


_MEMBER: Final = Fixed(lambda case: MatterMember.objects.filter(case_id=case).values_list("pk"))


def others_of(case: Case) -> list[UUID]:
    """The other members of its matter, in the order in which they are locked."""
    same = MatterMember.objects.filter(matter__members__case=case).exclude(case=case)
    return sorted(same.values_list("case_id", flat=True))


def tell(files: Sequence[CaseFile], now: datetime) -> None:
    """Every member learns of every person behind the matter, each once, with the moment of his complaint."""
    for file in files:
        told_as = person_fact(file.kind)
        if told_as is None:
            continue
        known = {str(e.facts[told_as]) for e in file.log if e.kind == MATTER_JOINED}
        behind = (one for other in files for one in persons_of(other.log, other.kind))
        for person, since in list(behind):
            if person not in known:
                known.add(person)
                file.state_world(MATTER_JOINED, {told_as: person}, since, now)


def names_person(event: Event, kind: Kind) -> bool:
    return any(code in kind.facts and kind.facts[code].type is FactType.PERSON for code in event.facts)


def persons_of(log: Sequence[Event], kind: Kind) -> Iterator[tuple[str, datetime]]:
    """Tokens of the persons whom this case's own events name, each with the moment of its first naming."""
    seen: set[str] = set()
    for event, person in named_persons(log, kind):
        if event.kind != MATTER_JOINED and person not in seen:
            seen.add(person)
            yield person, event.at
