"""The people and the files of a case, as whoever may see it sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from kesu.access.files import is_personal
from kesu.access.sight.texts import Texts
from kesu.casefile.issued import Stamp
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.persons import corrects
from kesu.policy.standing.corrections import standing_events
from kesu.store.fixed import FixedRows
from kesu.store.models import StoredFile


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A personal value, masked. `fact` and `seq` name it for whoever may have it shown in clear."""

    name: str
    text: str
    fact: str
    seq: int
    is_person: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    id: UUID
    name: str
    fact: str
    added_by: str
    added_at: datetime
    has_preview: bool
    stamp: Stamp | None = None


def people_lines(kind: Kind, log: Sequence[Event], texts: Texts) -> Iterator[PersonLine]:
    """Every personal value that was stated, oldest first; a value stated again or corrected stands once, as last
    stated. A text that is stated with a person is that person's: another one's does not take its place."""
    found: dict[tuple[str, object], PersonLine] = {}
    first: dict[str, object] = {}
    last: dict[str, tuple[str, object]] = {}
    for event in standing_events(log):
        whose = next((v for c, v in event.facts.items() if _is_person(kind, c)), None)
        for code, value in event.facts.items():
            fact = kind.facts.get(code)
            text = texts.text(fact, event.seq) if fact is not None else ""
            if fact is None or not text:
                continue
            if fact.type is FactType.PERSON:
                corrected = corrects(kind, event, code, first)
                key = (corrected, first.get(corrected, value)) if corrected else (code, value)
                first.setdefault(key[0], value)
                found[key] = PersonLine(kind.facts[key[0]].name, text, code, event.seq, is_person=True)
            elif fact.data is DataClass.PERSONAL and fact.type is FactType.TEXT:
                key = last.get(code, (code, "")) if whose is None else (code, whose)
                last[code] = key
                found[key] = PersonLine(fact.name, text, code, event.seq, is_person=False)
    yield from found.values()


def _is_person(kind: Kind, code: str) -> bool:
    fact = kind.facts.get(code)
    return fact is not None and fact.type is FactType.PERSON


def stored_files(cases: Sequence[UUID]) -> list[StoredFile]:
    """The rows of several cases, oldest first. One query."""
    return _FILES(list(cases))


def file_lines(
    kind: Kind, rows: Iterable[StoredFile], *, sees_personal: bool, papers: Mapping[UUID, Stamp] = MappingProxyType({})
) -> Iterator[FileLine]:
    """Those that he may see. `papers`: of those that stand in a register, what became of them."""
    for row in rows:
        fact = kind.facts.get(row.fact)
        if is_personal(kind, row.fact) and not sees_personal:
            continue
        yield FileLine(
            row.pk,
            row.name,
            fact.name if fact else "",
            row.added_by.name if row.added_by else "",
            row.added_at,
            row.has_preview,
            papers.get(row.pk),
        )


_FILES: Final = FixedRows(
    lambda cases: StoredFile.objects.filter(case__pk__any=cases).select_related("added_by").order_by("added_at", "pk")
)
