"""Matters: which cases belong together, and which different persons stand behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.policy.events import Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.store.models import Case, CaseCard, Matter, MatterMember

MATTER_JOINED: Final = "matter.joined"
"""The world event by which a member learns of a person behind the matter."""


def person_fact(kind: Kind) -> str | None:
    """The fact in which this kind wants to be told of a person behind the matter; None when no rule of it listens."""
    event = kind.events.get(MATTER_JOINED)
    codes = event.facts if event else ()
    return next((code for code in codes if kind.facts[code].type is FactType.PERSON), None)


def merge(first: Case, second: Case, at: datetime) -> Matter | None:
    """The matter of both, locked; made or widened as needed. None when they were members of one matter already."""
    held = {m.case_id: m.matter_id for m in MatterMember.objects.filter(case__in=[first, second])}
    ids = sorted(set(held.values()))
    if len(held) == 2 and len(ids) == 1:
        return None
    if not ids:
        title = CaseCard.objects.values_list("title", flat=True).get(pk=first.pk)
        matter = Matter.objects.create(unit=first.unit, title=title, opened_at=at)
    else:
        matter = Matter.objects.select_for_update().filter(pk__in=ids).order_by("pk")[0]
        MatterMember.objects.filter(matter_id__in=ids[1:]).update(matter=matter)
    for case in (first, second):
        MatterMember.objects.get_or_create(case=case, defaults={"matter": matter, "joined_at": at})
    return matter


def members_of(matter: Matter) -> list[UUID]:
    """Case ids in the order in which they are locked."""
    return sorted(matter.members.values_list("case_id", flat=True))


def persons_of(log: Sequence[Event], kind: Kind) -> Iterator[tuple[str, datetime]]:
    """Tokens of the persons whom this case's own events name, each with the moment of its first naming."""
    seen: set[str] = set()
    for event in log:
        if event.kind == MATTER_JOINED:
            continue
        for code, value in event.facts.items():
            fact = kind.facts.get(code)
            if fact is not None and fact.type is FactType.PERSON and str(value) not in seen:
                seen.add(str(value))
                yield str(value), event.at
