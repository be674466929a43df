"""The label of a coded sample: what goes with it to those who work blind, and nothing that leads to its case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kesu.access.sight.outside import ShownFact
from kesu.access.sight.reading import CaseRead
from kesu.access.sight.reserved import reserved_for
from kesu.casefile.coded import code_of
from kesu.casefile.shown import latest_texts, shown
from kesu.core.errors import NotFound
from kesu.policy.coded import code_fact, coded_slots, shown_to
from kesu.policy.events import Event


@dataclass(frozen=True, slots=True)
class SampleLabel:
    """`coded_at`: when the code was drawn (UTC)."""

    code: str
    coded_at: datetime
    lines: tuple[ShownFact, ...]


def has_label(read: CaseRead) -> bool:
    """Whether a code is drawn and the reader is one of those who may read it. No query."""
    return _drawn(read) is not None


def sample_label(read: CaseRead) -> SampleLabel:
    """Two queries. Raises `NotFound` where there is no code, or none for this reader."""
    drawn = _drawn(read)
    if drawn is None:
        raise NotFound
    return SampleLabel(code_of(read.case, read.kind, read.log), drawn.at, tuple(_lines(read)))


def _drawn(read: CaseRead) -> Event | None:
    """The event that drew the code as it stands."""
    if not coded_slots(read.kind):
        return None
    fact = read.kind.facts[code_fact(read.kind)]
    if fact.seen_by and fact.code not in reserved_for(read.kind, read.taker):
        return None
    if read.current.facts.get(fact.code) is None:
        return None
    return next((event for event in reversed(read.log) if fact.code in event.facts), None)


def _lines(read: CaseRead) -> Iterator[ShownFact]:
    texts = latest_texts(read.case, read.kind, read.log)
    for code in shown_to(read.kind, coded_slots(read.kind)):
        fact = read.kind.facts[code]
        told = texts.get(code, "") if fact.type.is_marked else shown(read.kind, code, read.current.facts.get(code))
        if told:
            yield ShownFact(fact.name, str(told))
