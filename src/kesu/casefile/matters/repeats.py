"""Somebody comes again with what had been settled: the program notices where the policy asks for it, and tells the
case that had been settled too."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from kesu.casefile import answering
from kesu.casefile.books import kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.people import named_in
from kesu.casefile.matters.stream import REPEATED, MatterFile
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.store.models import Case, CaseCard, MatterMember

REPEAT_FOUND: Final = "repeat.found"
"""The world event by which a case learns that its complainant had complained of the same matter before."""
CASE_REPEATED: Final = "case.repeated"
"""The world event by which a case that had been settled learns that he has come again."""


def note_repeats(file: MatterFile, cases: Sequence[CaseFile], now: datetime) -> None:
    """States it of these cases, once, where their policies list the event with a fact for the earlier case and nobody
    has named one; has the earlier one told where its own policy listens. Three queries for each that asks."""
    for case in cases:
        fact = _fact_for(case.kind, REPEAT_FOUND)
        if fact is None or any(fact in event.facts for event in case.log):
            continue
        earlier = _earlier(file, case, {one.code for one in case.kind.cases_of(case.kind.facts[fact])})
        if earlier is not None:
            answering.state(case, REPEAT_FOUND, {fact: earlier.pk.hex}, now, now)
            _have_told(file, earlier, case, now)


def hear_repeat(file: CaseFile, later: str, now: datetime) -> None:
    """Tells a case that had been settled which one came after it; told again, it changes nothing."""
    fact = _fact_for(file.kind, CASE_REPEATED)
    known = (event.facts.get(fact) for event in file.log if event.kind == CASE_REPEATED) if fact else ()
    if fact is not None and later not in known:
        answering.state(file, CASE_REPEATED, {fact: later}, now, now)


def _fact_for(kind: Kind, told: str) -> str | None:
    event = kind.events.get(told)
    codes = event.facts if event else ()
    return next((code for code in codes if kind.facts[code].type is FactType.CASE), None)


def _have_told(file: MatterFile, earlier: CaseCard, case: CaseFile, now: datetime) -> None:
    """Notes in the matter that this case repeats the earlier one, of which only that one learns. Of a confidential case
    nothing is said."""
    listens = _fact_for(kind_of(earlier.case.policy_version_id, earlier.case.kind), CASE_REPEATED) is not None
    if not listens or CaseCard.objects.filter(pk=case.head.pk, confidential=True).exists():
        return
    before = file.head.crossed_seq
    seq = file.say(REPEATED, {"case": case.head.pk.hex, "earlier": earlier.pk.hex}, now, now)
    file.head.crossed_seq = seq
    others = MatterMember.objects.filter(matter=file.head, told_seq__gte=before).exclude(case=earlier.pk)
    others.update(told_seq=seq)  # who had heard all that there was has nothing to hear of this


def _earlier(file: MatterFile, case: CaseFile, kinds: Collection[str]) -> CaseCard | None:
    """The last case of one of the same people that had been settled before this one came, in the same house."""
    named = named_in(file.head)
    people = {who for case_id, who, _at in named if case_id == case.head.pk}
    ids = {case_id for case_id, who, _at in named if who in people} - {case.head.pk}
    root = f"/{case.head.unit.path.strip('/').partition('/')[0]}/"
    cards = CaseCard.objects.filter(
        pk__in=ids,
        kind__in=kinds,
        unit_path__startswith=root,
        confidential=False,  # that there is one is told to nobody by this either
        closed_at__lt=case.head.received_at,
    ).select_related("case")
    return next(_settled(cards.order_by("-closed_at") if ids else ()), None)


def _settled(cards: Collection[CaseCard]) -> Iterator[CaseCard]:
    """Those that came to their end: not what was withdrawn, or lies beside the way."""
    for card in cards:
        case: Case = card.case
        if not kind_of(case.policy_version_id, case.kind).stages[card.stage].aside:
            yield card
