"""What was promised and paid in cases alike, as the reader may see them: beside a plan and beside its signature."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from kesu.access.cases import in_scope
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.access.sight.sums import SumLine, sum_lines
from kesu.access.sight.texts import TextLine
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import read_log
from kesu.casefile.measures import MOST_ALIKE
from kesu.policy.model.measures import CaseMeasure
from kesu.policy.precedents import Usual, is_far, usual
from kesu.policy.standing import standing
from kesu.policy.standing.measures import likeness
from kesu.store.models import Case, CaseCard, MeasuredCase

NEAREST: Final = 5
NEWEST: Final = 1_000
"""So many cases alike are looked at, the newest: what the numbers cost does not grow with the house."""
_BACK: Final = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class UsualLine:
    """`usual` None: nothing is known yet. `here`: the figure of this case; `is_far`: the policy wants it explained."""

    name: str
    usual: Usual | None
    here: Decimal | None
    is_far: bool
    times: int | None
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class Precedent:
    """`figures`: by measure, in the order of `Precedents.usual`; `lines`: what the first of them is made of; `days`:
    from the day it came to the day it ended, None while it is open."""

    case_id: UUID
    number: str
    unit: str
    figures: tuple[Decimal | None, ...]
    lines: tuple[SumLine, ...]
    days: int | None


@dataclass(frozen=True, slots=True)
class Precedents:
    """`alike`: what makes these cases alike, fact and value."""

    alike: tuple[TextLine, ...]
    usual: tuple[UsualLine, ...]
    nearest: tuple[Precedent, ...]


def precedents_of(read: CaseRead, events: Collection[str]) -> Precedents | None:
    """Of a step that yields one of these events, or a signature under it: where the policy compares figures then and
    this case says what it is like. Confidential cases never count, and none that the reader may not see. A fixed number
    of queries, and the logs of the nearest."""
    compared = [one for one in read.kind.measures.values() if one.alike]
    main = next((one for one in compared if {moment.subject for moment in one.of} & set(events)), None)
    if main is None or not likeness(main, read.current.facts):
        return None
    measures = [main, *(one for one in compared if one is not main and one.alike == main.alike)]
    figures = _figures(read, measures)
    cards = _in_sight(read, {case for rows in figures.values() for case in rows})
    facts = read.kind.facts
    return Precedents(
        alike=tuple(TextLine(facts[code].name, value=read.current.facts[code]) for code in main.alike),
        usual=tuple(_usual(read, one, [v for pk, v in figures[one.code].items() if pk in cards]) for one in measures),
        nearest=tuple(_nearest(read, measures, figures, cards)),
    )


def _figures(read: CaseRead, measures: Sequence[CaseMeasure]) -> dict[str, dict[UUID, Decimal]]:
    """By measure and case, newest first; the first measure says which cases they are."""
    main = measures[0]
    rows = MeasuredCase.objects.filter(pack=read.pack.code, kind=read.kind.code)
    alike = likeness(main, read.current.facts)[:MOST_ALIKE]
    newest = rows.filter(measure=main.code, alike=alike, at__gte=read.current.now - _BACK).exclude(case=read.case)
    found = {main.code: dict(newest.order_by("-at").values_list("case_id", "value")[:NEWEST])}
    others = [one.code for one in measures[1:]]
    found.update({code: {} for code in others})
    if others:
        beside = rows.filter(measure__in=others, case_id__in=list(found[main.code]))
        for code, case, value in beside.values_list("measure", "case_id", "value"):
            found[code][case] = value
    return found


def _in_sight(read: CaseRead, cases: Collection[UUID]) -> dict[UUID, CaseCard]:
    cards = CaseCard.objects.filter(in_scope(read.actor), case_id__in=list(cases), confidential=False)
    return {card.pk: card for card in cards.select_related("unit")}


def _usual(read: CaseRead, measure: CaseMeasure, values: Sequence[Decimal]) -> UsualLine:
    stated = read.current.facts.get(measure.fact or "")
    here = Decimal(str(stated)) if isinstance(stated, int | Decimal) and not isinstance(stated, bool) else None
    found = usual(values)
    far = here is not None and is_far(here, found, measure.far)
    times = measure.far.times if measure.far is not None else None
    return UsualLine(measure.name, found, here, far, times, clause_lines(read.pack, measure.clauses))


def _nearest(
    read: CaseRead,
    measures: Sequence[CaseMeasure],
    figures: Mapping[str, Mapping[UUID, Decimal]],
    cards: Mapping[UUID, CaseCard],
) -> Iterator[Precedent]:
    """Those of the same place first, then the newest."""
    main = measures[0]
    order = [pk for pk in figures[main.code] if pk in cards]
    order.sort(key=lambda pk: cards[pk].unit_id != read.case.unit_id)
    chosen = order[:NEAREST]
    cases = {case.pk: case for case in Case.objects.filter(pk__in=chosen)}
    for pk in chosen:
        card = cards[pk]
        yield Precedent(
            pk,
            card.number,
            card.unit.name,
            tuple(figures[one.code].get(pk) for one in measures),
            _lines(read, cases[pk], main),
            _days(read.calendar.zone, card),
        )


def _days(zone: str, card: CaseCard) -> int | None:
    """By the dates of the house: what came in the evening and was over the next morning took a day."""
    if card.closed_at is None:
        return None
    came, ended = (at.astimezone(ZoneInfo(zone)).date() for at in (card.received_at, card.closed_at))
    return (ended - came).days


def _lines(read: CaseRead, case: Case, measure: CaseMeasure) -> tuple[SumLine, ...]:
    kind = kind_of(case.policy_version_id, case.kind)
    current = standing(kind, read_log(case, kind), read.current.now, calendar_of(case.calendar_version_id))
    return sum_lines(kind, current.view, kind.facts.get(measure.fact or ""))
