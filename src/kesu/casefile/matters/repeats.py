"""Somebody comes again with what had been settled: the program notices where the policy asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile.books import kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.people import named_in
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.store.models import Case, CaseCard, Matter

REPEAT_FOUND: Final = "repeat.found"
"""The world event by which a case learns that its complainant had complained of the same matter before."""


def note_repeats(matter: Matter, files: Sequence[CaseFile], now: datetime) -> None:
    """States it of these cases, once, where their policies list the event with a fact for the earlier case and nobody
    has named one. Two queries for each that asks."""
    for file in files:
        fact = _fact_for(file.kind)
        if fact is None or any(fact in event.facts for event in file.log):
            continue
        earlier = _earlier(matter, file, {one.code for one in file.kind.cases_of(file.kind.facts[fact])})
        if earlier is not None:
            file.state_world(REPEAT_FOUND, {fact: earlier.hex}, now, now)


def _fact_for(kind: Kind) -> str | None:
    event = kind.events.get(REPEAT_FOUND)
    codes = event.facts if event else ()
    return next((code for code in codes if kind.facts[code].type is FactType.CASE), None)


def _earlier(matter: Matter, file: CaseFile, kinds: Collection[str]) -> UUID | None:
    """The last case of one of the same people that had been settled before this one came, in the same house."""
    named = named_in(matter)
    people = {who for case_id, who, _at in named if case_id == file.head.pk}
    ids = {case_id for case_id, who, _at in named if who in people} - {file.head.pk}
    root = f"/{file.head.unit.path.strip('/').partition('/')[0]}/"
    cards = CaseCard.objects.filter(
        pk__in=ids,
        kind__in=kinds,
        unit_path__startswith=root,
        confidential=False,  # that there is one is told to nobody by this either
        closed_at__lt=file.head.received_at,
    ).select_related("case")
    return next(_settled(cards.order_by("-closed_at") if ids else ()), None)


def _settled(cards: Collection[CaseCard]) -> Iterator[UUID]:
    """Those that came to their end: not what was withdrawn, or lies beside the way."""
    for card in cards:
        case: Case = card.case
        if not kind_of(case.policy_version_id, case.kind).stages[card.stage].aside:
            yield card.pk
