"""The case page as its templates print it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.access.sight.contents import PersonLine
from kesu.access.sight.lines import StepLine
from kesu.access.sight.paper import DocumentLine
from kesu.access.sight.timeline import Item, ItemKind, Lane
from kesu.queries.cases.case_page import CasePage, FactLine
from kesu.web import marks, parts, sentences, when
from kesu.web.cases.departments import DepartmentPart, department_parts
from kesu.web.cases.drawing import level_part, obligation_part, refs, refused_part, shut_words, step_address, text_of
from kesu.web.cases.items import ICONS, LOOKS, text_of_item
from kesu.web.cases.linked import LinkPart, OwedPart, link_parts, owed_parts
from kesu.web.cases.merged import MergedPart, merged_parts
from kesu.web.cases.sampled import SamplePart, sample_parts
from kesu.web.joining import listed, strung
from kesu.web.links import case_url

_OPEN_REFUSALS: Final = 3
_OPEN_PEOPLE: Final = 8
_ALIKE: Final = 4
"""So many steps of one kind in a row, taken by one person within a minute, stand in one line: a list was read in."""
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StepPart:
    """A step that the reader may take now."""

    url: str
    name: str
    icon: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class OthersStep:
    """A step that waits for somebody else, or for another stage."""

    name: str
    who: str


@dataclass(frozen=True, slots=True)
class PersonPart:
    label: str
    text: str
    unmask_url: str


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A document of the case; `note` says who filled it and when."""

    name: str
    clauses: tuple[marks.ClauseRef, ...]
    note: str
    is_filled: bool
    url: str
    pdf_url: str
    docx_url: str


@dataclass(frozen=True, slots=True)
class RowPart:
    """One line of texts below a timeline item."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemPart:
    """One item of the timeline; `look` picks the drawing (see the event component)."""

    key: str
    look: str
    icon: str
    who: str
    role: str
    text: str
    at: datetime
    rows: tuple[RowPart, ...]
    clauses: tuple[marks.ClauseRef, ...]
    is_void: bool
    is_interim: bool = False
    undo_url: str = ""
    before: str = ""
    before_index: int | None = None
    after: str = ""
    after_index: int | None = None
    of: int = 0
    more: tuple[ItemPart, ...] = ()  # those that followed and say the same of others


@dataclass(frozen=True, slots=True)
class DayPart:
    head: str
    items: tuple[ItemPart, ...]


@dataclass(frozen=True, slots=True)
class LanePart:
    url: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SecrecyPart:
    """Why the case is confidential, and to whom it is open beside its holder."""

    says: str
    open_to: str
    clauses: tuple[marks.ClauseRef, ...]


@dataclass(frozen=True, slots=True)
class CaseParts:
    id: UUID
    page: CasePage
    now: datetime
    level: parts.LevelPart | None
    history: tuple[ItemPart, ...]
    stages: tuple[parts.StagePart, ...]
    people: tuple[PersonPart, ...]
    people_more: tuple[PersonPart, ...]
    facts: tuple[parts.FactRow, ...]
    files: tuple[parts.FilePart, ...]
    documents: tuple[DocumentPart, ...]
    days: tuple[DayPart, ...]
    lanes: tuple[LanePart, ...]
    lane: str
    steps: tuple[StepPart, ...]
    refused: tuple[parts.RefusedStep, ...]
    refused_more: tuple[parts.RefusedStep, ...]
    others: tuple[OthersStep, ...]
    elsewhere: tuple[OthersStep, ...]
    open_obligations: tuple[parts.ObligationPart, ...]
    done_obligations: tuple[parts.ObligationPart, ...]
    links: tuple[LinkPart, ...]
    owed_links: tuple[OwedPart, ...]
    merged: tuple[MergedPart, ...]
    samples: tuple[SamplePart, ...]
    departments: tuple[DepartmentPart, ...]
    promises: tuple[str, ...]
    guard: str
    shut: str
    secrecy: SecrecyPart | None


def show(page: CasePage, now: datetime, lane: Lane = Lane.ALL) -> CaseParts:
    items = {one: [item for item in page.timeline if item.is_in(one)] for one in Lane}
    refused = [_refused(page, step) for step in page.steps if step.is_mine and step.in_stage and not step.is_allowed]
    people = tuple(_person(page, person) for person in page.people)
    source = f"{page.policy_title} {page.policy_version}"
    obligations = [
        (line, obligation_part(page.policy_hash, line, now, page.calendar, source, index))
        for index, line in enumerate(page.obligations)
    ]
    return CaseParts(
        id=page.id,
        page=page,
        now=now,
        level=level_part(page.policy_hash, page.level, page.moves, page.raises, now) if page.level.of else None,
        history=tuple(_item(page, item) for item in page.timeline if item.kind is ItemKind.LEVEL),
        stages=tuple(parts.StagePart(stage.name, stage.state) for stage in page.stages),
        people=people[:_OPEN_PEOPLE],
        people_more=people[_OPEN_PEOPLE:],
        facts=tuple(_fact(page, fact, now) for fact in page.facts),
        files=tuple(_files(page, now)),
        documents=tuple(_document(page, line, now) for line in page.documents),
        days=tuple(_days(page, items[lane], now)),
        lanes=tuple(_lanes(page, {one: len(found) for one, found in items.items()}, lane)),
        lane=lane.value,
        steps=tuple(_steps(page)),
        refused=tuple(refused[:_OPEN_REFUSALS]),
        refused_more=tuple(refused[_OPEN_REFUSALS:]),
        others=tuple(OthersStep(s.name, s.who) for s in page.steps if s.in_stage and not s.is_mine and s.is_allowed),
        elsewhere=tuple(OthersStep(s.name, "") for s in page.steps if s.is_mine and not s.in_stage),
        open_obligations=tuple(part for line, part in obligations if line.is_open),
        done_obligations=tuple(part for line, part in obligations if not line.is_open),
        links=tuple(link_parts(page.links.lines, now)),
        owed_links=tuple(owed_parts(page.policy_hash, page.links)),
        merged=tuple(merged_parts(page.merged, now)),
        departments=tuple(department_parts(page.departments, now)),
        samples=tuple(sample_parts(page.policy_hash, page.samples, now)),
        promises=tuple(sentences.promise(p.text, p.due_at, now, page.number) for p in page.promises),
        guard=strung(sentences.lock(one.says, [clause.printed for clause in one.clauses]) for one in page.locks),
        shut=shut_words(page.rights.shut),
        secrecy=_secrecy(page),
    )


def _secrecy(page: CasePage) -> SecrecyPart | None:
    if page.secrecy is None:
        return None
    return SecrecyPart(page.secrecy.says, listed(page.secrecy.open_to), refs(page.policy_hash, page.secrecy.clauses))


def _steps(page: CasePage) -> Iterator[StepPart]:
    able = [step for step in page.steps if step.is_mine and step.is_allowed]
    able.sort(key=lambda step: (not step.is_signature, not step.is_primary))
    for index, step in enumerate(able):
        leads = step.is_primary or step.is_signature
        icon = "rubber-stamp" if step.is_signature else "chevron-right"
        yield StepPart(reverse("case-step", args=[page.id, step.code]), step.name, icon, index == 0 and leads)


def _refused(page: CasePage, step: StepLine) -> parts.RefusedStep:
    return refused_part(page.policy_hash, step.name, step.refusals, step_address(page.id))


def _person(page: CasePage, person: PersonLine) -> PersonPart:
    hides = "*" in person.text or "＊" in person.text
    url = reverse("case-unmask", args=[page.id, person.seq, person.fact]) if page.rights.unmask and hides else ""
    return PersonPart(person.name, person.text, url)


def _fact(page: CasePage, fact: FactLine, now: datetime) -> parts.FactRow:
    note = " · ".join(part for part in (fact.by, when.month_day(fact.at, now) if fact.at else "") if part)
    return parts.FactRow(fact.line.name, text_of(fact.line), note, refs(page.policy_hash, fact.clauses))


def _files(page: CasePage, now: datetime) -> Iterator[parts.FilePart]:
    for file in page.files:
        thumb = reverse("case-file-preview", args=[page.id, file.id]) if file.has_preview else ""
        yield parts.FilePart(
            url=reverse("case-evidence-file", args=[page.id, file.id]),
            caption=file.name,
            thumb_url=thumb,
            note=" · ".join(part for part in (file.fact, file.added_by, when.when(file.added_at, now)) if part),
        )


def _document(page: CasePage, line: DocumentLine, now: datetime) -> DocumentPart:
    filled = ""
    if line.filled_at is not None:
        filled = " ".join(part for part in (when.month_day(line.filled_at, now), line.filled_by) if part)
    address = [page.id, line.code]
    return DocumentPart(
        name=line.name,
        clauses=refs(page.policy_hash, line.clauses),
        note=_("已填 %(when)s") % {"when": filled} if filled else _("未填"),
        is_filled=bool(filled),
        url=reverse("case-document", args=address),
        pdf_url=reverse("case-document-pdf", args=address),
        docx_url=reverse("case-document-docx", args=address),
    )


def _lanes(page: CasePage, counts: dict[Lane, int], chosen: Lane) -> Iterator[LanePart]:
    labels = {Lane.ALL: _("全部"), Lane.TALK: _("往来"), Lane.INTERNAL: _("内部"), Lane.CHANGE: _("变更")}
    address = case_url(page.id)
    for lane, label in labels.items():
        yield LanePart(f"{address}?show={lane.value}", label, counts[lane], lane is chosen)


def _days(page: CasePage, items: list[Item], now: datetime) -> Iterator[DayPart]:
    heads: dict[str, list[Item]] = {}
    for item in items:
        heads.setdefault(when.day_head(item.at, now), []).append(item)
    for head, found in heads.items():
        yield DayPart(head, tuple(_folded(page, found)))


def _folded(page: CasePage, items: list[Item]) -> Iterator[ItemPart]:
    for same in _runs(items):
        first, *rest = (_item(page, item) for item in same)
        if len(same) < _ALIKE:
            yield from (first, *rest)
        else:
            yield replace(first, more=tuple(rest))


def _runs(items: list[Item]) -> Iterator[list[Item]]:
    run: list[Item] = []
    for item in items:
        if run and not _is_alike(run[0], item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _is_alike(one: Item, other: Item) -> bool:
    told = [(item.kind, item.name, item.who, item.stage, item.is_void) for item in (one, other)]
    return one.kind is ItemKind.STEP and told[0] == told[1] and abs(other.at - one.at) < _MINUTE


def _item(page: CasePage, item: Item) -> ItemPart:
    move = item.move
    return ItemPart(
        key=item.key,
        look=LOOKS.get(item.kind, "event"),
        icon=ICONS.get(item.kind, "clipboard-check"),
        who=_who(page, item),
        role=item.role,
        text=text_of_item(item),
        at=item.at,
        rows=(*(RowPart(line.name, text_of(line)) for line in item.lines), *_undone(item)),
        clauses=refs(page.policy_hash, item.clauses),
        is_void=item.is_void,
        is_interim=item.is_interim,
        undo_url=reverse("case-take-back", args=[page.id, item.undo]) if item.undo else "",
        before=move.before.name if move else "",
        before_index=move.before.index if move else None,
        after=move.after.name if move else "",
        after_index=move.after.index if move else None,
        of=move.after.of if move else 0,
    )


def _undone(item: Item) -> Iterator[RowPart]:
    """Why something was taken back, and what stays sent."""
    if item.kind is ItemKind.VOIDED and item.text:
        yield RowPart(_("理由"), item.text)
    if item.sent:
        yield RowPart(_("已发出的不收回"), item.sent)


def _who(page: CasePage, item: Item) -> str:
    if item.by_complainant:
        return page.recipient or _("客户")
    return item.who
