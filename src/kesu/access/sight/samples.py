"""What was drawn for a case to look at. Of each of the drawn only what the reader may see of it; of the others that
they are there, since the number of the drawn stands in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.policy.asking import FieldView, Option
from kesu.policy.model.rules import Step
from kesu.policy.standing.samples import Drawn
from kesu.store.models import CaseCard

MOST_SHOWN: Final = 60
"""Of a larger sample the rest is only counted."""


class Became(StrEnum):
    LEFT = "left"
    DONE = "done"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """`place`: the how manieth it is in the order of the draw."""

    place: int
    id: UUID
    number: str
    title: str
    stage: str
    became: Became


@dataclass(frozen=True, slots=True)
class SampleLine:
    """`drawn` of `base` cases, of which `left` have not been looked at; `short` were given up and nobody takes their
    place. `hidden`: outside the reader's sight; `more`: not shown because there are too many. `seed` repeats the draw.
    None of `at`: not drawn yet."""

    name: str
    clauses: tuple[ClauseLine, ...]
    at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    base: int = 0
    drawn: int = 0
    left: int = 0
    short: int = 0
    hidden: int = 0
    more: int = 0
    seed: str = ""
    lines: tuple[DrawnLine, ...] = ()


def samples_of(read: CaseRead) -> tuple[SampleLine, ...]:
    """Every sample of the policy, drawn or not. One query where anything was drawn."""
    drawn = read.current.walk.samples.drawn
    wanted = [case for one in drawn.values() for case in (*one.cases, *one.given_up)]
    cards = _cards(read.actor, wanted)
    lines = []
    for code, sample in read.kind.samples.items():
        line = SampleLine(sample.name, clause_lines(read.pack, sample.clauses))
        lines.append(_filled(line, drawn[code], cards) if code in drawn else line)
    return tuple(lines)


def with_drawn(read: CaseRead, fields: Sequence[FieldView], step: Step) -> tuple[FieldView, ...]:
    """The fields of a step that looks at one of the drawn, with those that are left to choose from."""
    told = {one.case: one.code for one in read.kind.samples.values() if step.event in {one.done, one.given_up}}
    if not told:
        return tuple(fields)
    return tuple(replace(one, options=_left(read, told[one.code])) if one.code in told else one for one in fields)


def _left(read: CaseRead, code: str) -> tuple[Option, ...]:
    found = read.current.walk.samples.drawn.get(code)
    left = found.left if found is not None else ()
    cards = _cards(read.actor, left)
    return tuple(
        Option(one, f"{cards[one].number} {cards[one].title}", cards[one].stage_name) for one in left if one in cards
    )


def _cards(actor: Actor, cases: Sequence[str]) -> Mapping[str, CaseCard]:
    if not cases:
        return {}
    return {card.pk.hex: card for card in cards_for(actor).filter(pk__in=[UUID(one) for one in cases])}


def _filled(line: SampleLine, found: Drawn, cards: Mapping[str, CaseCard]) -> SampleLine:
    seen = tuple(_drawn_lines(found, cards))
    return replace(
        line,
        at=found.at,
        since=found.lot.since,
        until=found.lot.until,
        base=found.lot.base,
        drawn=len(found.cases),
        left=len(found.left),
        short=found.short,
        hidden=len(found.cases) + len(found.given_up) - len(seen),
        more=max(0, len(seen) - MOST_SHOWN),
        seed=found.lot.seed,
        lines=seen[:MOST_SHOWN],
    )


def _drawn_lines(found: Drawn, cards: Mapping[str, CaseCard]) -> Iterator[DrawnLine]:
    """Those that are left first, then those that were looked at, then those given up; each in the order of the draw."""
    order = {case: place for place, case in enumerate((*found.lot.cases, *found.lot.reserve), start=1)}
    became = {case: Became.DONE if case in found.done else Became.LEFT for case in found.cases}
    became |= dict.fromkeys(found.given_up, Became.GIVEN_UP)
    ranks = list(Became)
    for case in sorted(became, key=lambda one: (ranks.index(became[one]), order[one])):
        if case in cards:
            card = cards[case]
            yield DrawnLine(order[case], card.pk, card.number, card.title, card.stage_name, became[case])
