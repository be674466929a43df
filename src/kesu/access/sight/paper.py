"""A document of a case as it goes on paper: what stands in each cell, who signed, what is kept from the reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from kesu.access.files import is_personal
from kesu.access.sight.lines import ClauseLine, clause_lines, level_line
from kesu.access.sight.locks import LockLine, lock_lines, locks_of
from kesu.access.sight.reading import CaseRead, row_names
from kesu.access.sight.signatures import SignLink, chain
from kesu.access.sight.signed import signatures_of
from kesu.access.sight.texts import TextLine, Texts, read_texts
from kesu.casefile.books import above
from kesu.core.errors import NotFound
from kesu.core.signatures import SignedBy
from kesu.policy.events import Event, author, subject_of
from kesu.policy.letters import Written, day_in_words, in_words, written
from kesu.policy.model.facts import DataClass, Fact, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.printing import CASE_WORDS, CaseWord, Cell, CellSource, Layout, PersonPart, Section
from kesu.policy.model.rules import COMPLAINANT, FIRST_CONTACT, HOLDER, Document, Who
from kesu.policy.persons import statement_of
from kesu.policy.standing.corrections import corrected, voided_seqs
from kesu.store.models import StoredFile, Unit
from kesu.store.models.organisation import UnitKind

_WIDE: Final = {FactType.TEXT, FactType.FILE, FactType.GROUP, FactType.CHOICES}
_HEAD: Final = (CaseWord.NUMBER, CaseWord.PLACE, CaseWord.RECEIVED_AT)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that the policy knows for the case; `filled_at` None: nobody has filled it yet."""

    code: str
    name: str
    clauses: tuple[ClauseLine, ...]
    filled_by: str
    filled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a cell says. `by`, `role` and `at` where every statement is told with its author. `signed`: how
    somebody signed, with the `picture` of it (PNG) where he did by hand."""

    line: TextLine
    by: str = ""
    role: str = ""
    at: datetime | None = None
    signed: SignedBy | None = None
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class PaperCell:
    """`lines`: the least height, in lines of text."""

    name: str
    entries: tuple[Entry, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class PaperApproval:
    name: str
    links: tuple[SignLink, ...]


@dataclass(frozen=True, slots=True)
class PaperSection:
    """Rows of cells, or approvals; neither where no approval was asked for."""

    title: str
    rows: tuple[tuple[PaperCell, ...], ...]
    approvals: tuple[PaperApproval, ...]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who signs. `by` and `at` where the log has it, else a line to sign by hand."""

    slot: str
    label: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PaperLetter:
    """`day`: when it was written, until then today; `ordinal`: which letter of the case it is, None before it is
    written."""

    written: Written
    day: date
    ordinal: int | None


@dataclass(frozen=True, slots=True)
class Paper:
    """`letter`: instead of sections. `head` is the hash of the case's last event: paper and log can be compared by it.
    `holds_personal`: some cell says who somebody is; `is_masked`: it says so with stars; `locks`: why the customer must
    not have it yet. Instants are UTC."""

    case_id: UUID
    code: str
    name: str
    number: str
    subject: str
    organisation: tuple[str, ...]
    policy_title: str
    policy_version: str
    document_number: str
    clauses: tuple[ClauseLine, ...]
    sections: tuple[PaperSection, ...]
    letter: PaperLetter | None
    says: str
    signatures: tuple[SignatureLine, ...]
    head: str
    holds_personal: bool
    is_masked: bool
    may_read_personal: bool
    locks: tuple[LockLine, ...]


def document_lines(read: CaseRead) -> tuple[DocumentLine, ...]:
    """Every document of the kind, in the order of the pack. No query."""
    log = corrected(read.log, voided_seqs(read.log))
    return tuple(_document_line(read, log, document) for document in read.kind.documents.values())


def _document_line(read: CaseRead, log: list[Event], document: Document) -> DocumentLine:
    filled = _last(event for event in log if document.code in event.forms)
    return DocumentLine(
        document.code,
        document.name,
        clause_lines(read.pack, document.clauses),
        read.person(filled.by) if filled else "",
        filled.at if filled else None,
    )


def paper(read: CaseRead, code: str, *, in_clear: bool = False) -> Paper:
    """Raises `NotFound` for a document that the policy of the case does not know. A fixed number of queries.

    `in_clear` shows personal data to those who may see it; the caller has written down that they do."""
    document = read.kind.documents.get(code)
    if document is None:
        raise NotFound
    writer = _Writer(read, read_texts(read, row_names(read), in_clear=in_clear))
    layout = Layout(()) if document.letter else document.layout or _plain_layout(read.kind, document)
    letter = writer.letter(document)
    sections = tuple(writer.section(section) for section in layout.sections)
    cells = (cell for section in layout.sections for row in section.rows for cell in row)
    printed = {cell.code for cell in cells if cell.source in {CellSource.FACT, CellSource.EACH}}
    shown = {*document.fields} if letter else printed
    waits = document.letter is not None and not document.letter.interim
    return Paper(
        case_id=read.case.pk,
        code=code,
        name=document.name,
        number=read.case.number,
        subject=subject_of(read.log),
        organisation=organisation_of(read),
        policy_title=read.pack.title,
        policy_version=read.pack.version,
        document_number=read.pack.document_number,
        clauses=clause_lines(read.pack, document.clauses),
        sections=sections,
        letter=letter,
        says=layout.says,
        signatures=tuple(signature_line(read, writer.log, document, layout, slot) for slot in document.signatures),
        head=read.case.head,
        holds_personal=writer.holds_personal,
        is_masked=writer.holds_personal and not writer.texts.in_clear,
        may_read_personal=read.sees_personal,
        locks=lock_lines(read) if waits else locks_of(read, shown),
    )


def letter_draft(read: CaseRead, document: Document, typed: Mapping[str, str]) -> PaperLetter | None:
    """A letter while it is written: `typed` by fact. None for a document that is no letter."""
    return _Writer(read, read_texts(read, row_names(read))).letter(document, typed)


def signature_line(
    read: CaseRead, log: Sequence[Event], document: Document, layout: Layout, slot: str
) -> SignatureLine:
    """Who signed a document in this slot by filling it; `log`: without what was taken back."""
    signed = _last(event for event in log if document.code in event.forms and _acted_as(read, event, slot))
    by = read.person(signed.by) if signed else ""
    label = layout.labels.get(slot) or read.role_name(slot)
    return SignatureLine(slot, label, by, signed.at if signed and by else None)


def _acted_as(read: CaseRead, event: Event, slot: str) -> bool:
    if slot == COMPLAINANT:
        return event.by == COMPLAINANT
    if slot == FIRST_CONTACT:
        return event.by == read.log[0].by
    return event.role in ({HOLDER, read.kind.holder} if slot == HOLDER else {slot})


def organisation_of(read: CaseRead) -> tuple[str, ...]:
    """The group and the company that the case's unit belongs to. One query."""
    kinds = [UnitKind.GROUP, UnitKind.COMPANY]
    rows = Unit.objects.filter(path__in=above(read.case.unit.path), kind__in=kinds).order_by("path")
    return tuple(rows.values_list("name", flat=True))


def _plain_layout(kind: Kind, document: Document) -> Layout:
    """What is printed of a document for which the pack says nothing: the case, then the fields."""
    head = tuple(Cell(CellSource.CASE, word.value, CASE_WORDS[word]) for word in _HEAD)
    rows: list[tuple[Cell, ...]] = [head]
    for code in document.fields:
        fact = kind.facts[code]
        cell = Cell(CellSource.FACT, code, fact.name, 4 if fact.multiline else 1)
        is_narrow = fact.type not in _WIDE
        if is_narrow and len(rows) > 1 and len(rows[-1]) == 1 and kind.facts[rows[-1][0].code].type not in _WIDE:
            rows[-1] = (*rows[-1], cell)
        else:
            rows.append((cell,))
    return Layout((Section(rows=tuple(rows)),))


def _last(events: Iterator[Event]) -> Event | None:
    return next(iter([*events][-1:]), None)


class _Writer:
    """Fills the cells of one document from the case as it was read."""

    def __init__(self, read: CaseRead, texts: Texts) -> None:
        self.texts = texts
        self.holds_personal = False
        self._read = read
        self.log = corrected(read.log, voided_seqs(read.log))
        self._files = list(StoredFile.objects.filter(case=read.case).order_by("added_at", "pk"))

    def section(self, section: Section) -> PaperSection:
        rows = tuple(tuple(self._cell(cell) for cell in row) for row in section.rows)
        return PaperSection(section.title, rows, tuple(self._approvals(section)))

    def letter(self, document: Document, typed: Mapping[str, str] = MappingProxyType({})) -> PaperLetter | None:
        """`typed`: what is being written, by fact, instead of what is known. Of a person a letter says the name."""
        if document.letter is None:
            return None
        letters = [e for e in self.log if any(self._read.kind.documents[form].letter for form in e.forms)]
        last = None if typed else _last(e for e in letters if document.code in e.forms)
        day = self._read.calendar.local(last.at if last else self._read.current.view.now).date()
        said = {code: typed.get(code) or self._in_words(code) for code in (*document.fields, *document.letter.says)}
        case = self._read.case
        said |= {"case": case.number, "place": case.unit.name, "day": day_in_words(day)}
        said["received"] = day_in_words(self._read.calendar.local(case.received_at).date())
        return PaperLetter(written(document.letter, said), day, letters.index(last) + 1 if last else None)

    def _in_words(self, code: str) -> str:
        fact = self._read.kind.facts[code]
        line = next(self._fact(fact, Cell(CellSource.FACT, code, fact.name, part=PersonPart.NAME)), None)
        if line is None:
            return ""
        return line.text or (in_words(line.value, ZoneInfo(self._read.calendar.zone)) if line.value is not None else "")

    def _approvals(self, section: Section) -> Iterator[PaperApproval]:
        for code in section.approvals:
            states = [state for state in self._read.current.approvals if state.code == code]
            if states:
                last = max(states, key=lambda state: state.opened_seq)
                yield PaperApproval(last.name, chain(self._read, self.texts, last))

    def _cell(self, cell: Cell) -> PaperCell:
        return PaperCell(cell.name, tuple(self._entries(cell)), cell.lines)

    def _entries(self, cell: Cell) -> Iterator[Entry]:
        match cell.source:
            case CellSource.FACT if self._read.kind.facts[cell.code].by_hand:
                yield from self._signatures(self._read.kind.facts[cell.code])
            case CellSource.FACT:
                yield from (Entry(line) for line in self._fact(self._read.kind.facts[cell.code], cell))
            case CellSource.EACH:
                yield from self._each(self._read.kind.facts[cell.code], cell)
            case CellSource.CASE:
                yield from (Entry(line) for line in self._case(CaseWord(cell.code), cell.name))
            case CellSource.TIME_OF | CellSource.DONE_BY:
                event = _last(e for e in self.log if e.kind == cell.code)
                if event is not None:
                    yield Entry(self._happened(event, cell))
            case CellSource.BLANK:
                return

    def _signatures(self, fact: Fact) -> Iterator[Entry]:
        """Each with its picture or typed name, who took it down and when."""
        self.holds_personal |= is_personal(self._read.kind, fact.code)
        for event, signed, name, picture in signatures_of(self._read, self.log, self._files, fact):
            by, role = self._read.person(event.by), self._read.role_name(event.role)
            yield Entry(TextLine(fact.name, name or self._stated_beside(event)), by, role, event.at, signed, picture)

    def _stated_beside(self, event: Event) -> str:
        """Who signed by hand: the first short text that was stated with the signature, where there is any."""
        facts = (self._read.kind.facts[code] for code in event.facts if code in self._read.kind.facts)
        short = (fact for fact in facts if fact.type is FactType.TEXT and not fact.multiline)
        return next((text for fact in short if (text := self.texts.text(fact, event.seq))), "")

    def _happened(self, event: Event, cell: Cell) -> TextLine:
        if cell.source is CellSource.TIME_OF:
            return TextLine(cell.name, value=event.at)
        return TextLine(cell.name, self._read.person(event.by))

    def _fact(self, fact: Fact, cell: Cell) -> Iterator[TextLine]:
        if fact.type is FactType.FILE:
            yield from self._file_names(fact.code)
        elif fact.type is FactType.PERSON:
            stated = statement_of(self.log, self._read.kind, fact.code)
            if stated is not None:
                yield from self._stated(fact, stated[0], cell, stated[1])
        elif fact.type.is_marked:
            event = self._stating(fact)
            if event is not None:
                yield from self._stated(fact, event, cell)
        else:
            value = self._read.current.facts.get(fact.code)
            if value is not None and value != ():
                yield self.texts.value_line(fact, value)

    def _each(self, fact: Fact, cell: Cell) -> Iterator[Entry]:
        for event in self.log:
            if event.facts.get(fact.code, ()) != ():
                for line in self._stated(fact, event, cell):
                    yield Entry(line, self._read.person(author(event)), self._read.role_name(event.role), event.at)

    def _stated(self, fact: Fact, event: Event, cell: Cell, code: str = "") -> Iterator[TextLine]:
        """What one event says of the fact, or in another one (`code`) of the same person; nothing for a text that is
        kept from the reader altogether."""
        if fact.type is FactType.PERSON:
            stored = self.texts.by_seq.get(event.seq, {}).get(code or fact.code)
            if isinstance(stored, dict):
                self.holds_personal = True
                name, phone = self.texts.name_and_phone(stored)
                words = {PersonPart.NAME: name, PersonPart.PHONE: phone, None: self.texts.person(stored)}
                yield TextLine(fact.name, words[cell.part])
            return
        line = self.texts.line(fact, event)
        if line is not None:
            self.holds_personal |= fact.type.is_marked and fact.data is not DataClass.INTERNAL
            yield line

    def _stating(self, fact: Fact) -> Event | None:
        """The event whose text counts: the last one. What was stated along with a further person is that person's
        own."""
        stating = [event for event in self.log if event.facts.get(fact.code, ()) != ()]
        if fact.data is DataClass.INTERNAL:
            return _last(iter(stating))
        first = next((event for event in self.log if self._names_somebody(event)), None)
        return _last(e for e in stating if e is first or not self._names_somebody(e))

    def _names_somebody(self, event: Event) -> bool:
        facts = self._read.kind.facts
        return any(code in facts and facts[code].type is FactType.PERSON for code in event.facts)

    def _file_names(self, code: str | None = None) -> Iterator[TextLine]:
        """Files of one fact, or of all. Which hold personal data is hidden from those who may not see any."""
        for row in self._files:
            fact = self._read.kind.facts.get(row.fact)
            if code in (None, row.fact) and (self._read.sees_personal or not is_personal(self._read.kind, row.fact)):
                yield TextLine(fact.name if fact else "", row.name)

    def _case(self, word: CaseWord, name: str) -> Iterator[TextLine]:
        if word is CaseWord.FILES:
            yield from self._file_names()
            return
        read = self._read
        said: dict[CaseWord, Value] = {
            CaseWord.NUMBER: read.case.number,
            CaseWord.PLACE: read.case.unit.name,
            CaseWord.RECEIVED_AT: read.case.received_at,
            CaseWord.RECEIVED_BY: read.person(read.log[0].by) if read.log else "",
            CaseWord.HOLDER: read.who(Who(HOLDER)),
            CaseWord.LEVEL: level_line(read.kind, read.current.level).name,
            CaseWord.STAGE: read.kind.stages[read.current.stage].name,
        }
        if said[word] != "":
            yield TextLine(name, value=said[word])
