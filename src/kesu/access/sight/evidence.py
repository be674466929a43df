"""The register of evidence of a case: every file with where it comes from and through whose hands it went."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from kesu.access.files import is_personal
from kesu.access.sight.reading import CaseRead
from kesu.access.sight.texts import Texts
from kesu.casefile import about_files, notes
from kesu.casefile.issued import Stamp, stamps
from kesu.casefile.named_files import files_in
from kesu.core.masking import masked_numbers
from kesu.core.signatures import SignedBy
from kesu.policy.events import FILE, FILE_DESCRIBED, FILE_HANDED, FILE_MARKED, Event
from kesu.policy.model.rules import COMPLAINANT
from kesu.policy.standing.corrections import voided_seqs
from kesu.store.fixed import FixedRows
from kesu.store.models import StoredFile


class HandKind(StrEnum):
    CAME = "came"
    HANDED = "handed"
    TAKEN_OUT = "taken_out"
    LOOKED = "looked"


@dataclass(frozen=True, slots=True)
class HandLine:
    """One link of the chain of custody. `at`: when it happened; `who` recorded it, took the file out or looked at
    it; the others only where an original changed hands."""

    kind: HandKind
    at: datetime
    who: str
    given_by: str = ""
    given_to: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class MarkLine:
    """Marks that somebody laid over a picture. `shapes` as `commands.cases.mark_file` takes them."""

    who: str
    at: datetime
    shapes: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """`number`: in the register of the case, the same for every reader. `fact`: what it answers. `size` in bytes.
    `in_log`: the log itself holds its hash. `signed`: it is a signature, made so. `by_customer`: he added it himself.
    `is_void`: what it came with was taken back; `stamp`: of a paper that stands in a register."""

    number: int
    id: UUID
    name: str
    fact: str
    media_type: str
    size: int
    sha256: str
    in_log: bool
    signed: SignedBy | None
    seq: int
    added_by: str
    added_at: datetime
    by_customer: bool
    has_preview: bool
    is_void: bool
    stamp: Stamp | None
    source: str
    kept: str
    note: str
    custody: tuple[HandLine, ...]
    marks: tuple[MarkLine, ...]


def evidence_of(read: CaseRead, texts: Texts) -> tuple[tuple[EvidenceLine, ...], int]:
    """What the reader may see of it, in the order in which it came, and how many files there are in all. Two queries
    beside those of the texts."""
    rows: Sequence[StoredFile] = _FILES(read.case.pk)
    writer = _Writer(read, texts, stamps(read.kind, read.log, texts.by_seq, rows))
    seen = tuple(
        writer.line(number, row)
        for number, row in enumerate(rows, start=1)
        if read.sees_personal or not is_personal(read.kind, row.fact)
    )
    return seen, len(rows)


_FILES: Final = FixedRows(
    lambda case: StoredFile.objects.filter(case_id=case).select_related("added_by").order_by("added_at", "pk")
)


_OUT: Final = {notes.TAKEN_OUT: HandKind.TAKEN_OUT, notes.LOOKED: HandKind.LOOKED}


class _Writer:
    """Puts together what the log, its texts and the notes say of each file."""

    def __init__(self, read: CaseRead, texts: Texts, papers: Mapping[UUID, Stamp]) -> None:
        self._read, self._texts, self._papers = read, texts, papers
        self._events = {event.seq: event for event in read.log}
        self._void = voided_seqs(read.log)
        self._said: dict[str, list[Event]] = {}
        for event in read.log:
            if FILE in event.facts:
                self._said.setdefault(str(event.facts[FILE]), []).append(event)
        self._out: dict[str, list[HandLine]] = {}
        for note, text in notes.read(read.case):
            if note.visibility in _OUT:
                who = note.author.name if note.author else ""
                self._out.setdefault(text, []).append(HandLine(_OUT[note.visibility], note.at, who))
        facts, by_seq = read.kind.facts, texts.by_seq
        self._named = {ref.id: ref for stated in by_seq.values() for _, ref in files_in(facts, stated)}

    def line(self, number: int, row: StoredFile) -> EvidenceLine:
        fact = self._read.kind.facts.get(row.fact)
        event = self._events.get(row.event_seq or 0)
        words, named = self._words(row), self._named.get(row.pk)
        return EvidenceLine(
            number=number,
            id=row.pk,
            name=row.name,
            fact=fact.name if fact else "",
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            in_log=bool(named and named.sha256),
            signed=named.signed.by if named and named.signed else None,
            seq=row.event_seq or 0,
            added_by=self._added_by(row, event),
            added_at=row.added_at,
            by_customer=event is not None and event.by == COMPLAINANT,
            has_preview=row.has_preview,
            is_void=row.event_seq in self._void,
            stamp=self._papers.get(row.pk),
            source=words.get(about_files.SOURCE, ""),
            kept=words.get(about_files.KEPT, ""),
            note=words.get(about_files.NOTE, ""),
            custody=tuple(sorted(self._custody(row, event), key=lambda hand: hand.at)),
            marks=tuple(self._marks(row)),
        )

    def _added_by(self, row: StoredFile, event: Event | None) -> str:
        """An account, or whoever sent it by a link of his own."""
        if row.added_by is not None:
            return str(row.added_by.name)
        return self._read.person(event.by) if event is not None and event.by != COMPLAINANT else ""

    def _stated(self, row: StoredFile, kind: str) -> Iterator[tuple[Event, Mapping[str, Any]]]:
        for event in self._said.get(row.pk.hex, ()):
            if event.kind == kind and event.seq not in self._void:
                yield event, self._texts.by_seq.get(event.seq, {})

    def _words(self, row: StoredFile) -> dict[str, str]:
        """The last said of each. In a personal text numbers are masked as everywhere."""
        hides = is_personal(self._read.kind, row.fact)
        found: dict[str, str] = {}
        for _, said in self._stated(row, FILE_DESCRIBED):
            found |= {name: masked_numbers(str(text)) if hides else str(text) for name, text in said.items()}
        return found

    def _custody(self, row: StoredFile, event: Event | None) -> Iterator[HandLine]:
        yield HandLine(HandKind.CAME, row.added_at, self._added_by(row, event))
        for handed, said in self._stated(row, FILE_HANDED):
            yield HandLine(
                HandKind.HANDED,
                handed.at,
                self._read.person(handed.by),
                str(said.get(about_files.GIVEN_BY, "")),
                str(said.get(about_files.GIVEN_TO, "")),
                str(said.get(about_files.PLACE, "")),
            )
        yield from self._out.get(row.pk.hex, ())

    def _marks(self, row: StoredFile) -> Iterator[MarkLine]:
        for event, said in self._stated(row, FILE_MARKED):
            shapes = json.loads(str(said.get(about_files.MARKS, "[]")))
            if shapes:
                yield MarkLine(self._read.person(event.by), event.at, tuple(shapes))
