"""The case page as its templates print it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.access.sight.contents import PersonLine
from kesu.access.sight.item import ItemKind, Lane
from kesu.access.sight.lines import ObligationLine, StepLine
from kesu.access.sight.paper import DocumentLine
from kesu.queries.cases.case_page import CasePage, FactLine
from kesu.web import marks, parts, sentences, when
from kesu.web.cases.departments import DepartmentPart, department_parts
from kesu.web.cases.drawing import (
    first_part,
    level_part,
    obligation_part,
    refs,
    refused_part,
    shut_words,
    step_address,
    text_of,
)
from kesu.web.cases.history import DayPart, ItemPart, days, item_part
from kesu.web.cases.linked import LinkPart, OwedPart, link_parts, owed_parts
from kesu.web.cases.merged import MergedPart, merged_parts
from kesu.web.cases.sampled import SamplePart, sample_parts
from kesu.web.cases.showing_evidence import void_words
from kesu.web.joining import listed, strung
from kesu.web.links import case_url

_OPEN_REFUSALS: Final = 3
_OPEN_PEOPLE: Final = 8
_WORDS: Final = {ItemKind.SENT, ItemKind.RECEIVED, ItemKind.STEP}


@dataclass(frozen=True, slots=True)
class StepPart:
    """A step that the reader may take now."""

    url: str
    name: str
    icon: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class OthersStep:
    """A step that waits for somebody else, or for another stage; `first` is then what leads there. `says`:
    why it is not for the reader, who has the post for it."""

    name: str
    who: str
    first: parts.MissingLine | None = None
    says: str = ""
    clauses: tuple[marks.ClauseRef, ...] = ()


@dataclass(frozen=True, slots=True)
class BesidePart:
    """What the reader may do, or may not now, by rules that lie beside the policy of the case: `title` is theirs."""

    title: str
    steps: tuple[StepPart, ...]
    refused: tuple[parts.RefusedStep, ...]


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
    people_count: int
    facts: tuple[parts.FactRow, ...]
    files: tuple[parts.FilePart, ...]
    documents: tuple[DocumentPart, ...]
    label_url: str
    days: tuple[DayPart, ...]
    lanes: tuple[LanePart, ...]
    lane: str
    whole: bool
    steps: tuple[StepPart, ...]
    beside: tuple[BesidePart, ...]
    beside_count: int
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
    talk: str
    secrecy: SecrecyPart | None


def show(page: CasePage, now: datetime, lane: Lane = Lane.ALL, *, whole: bool = False) -> CaseParts:
    """`whole`: however long its history is."""
    items = {one: [item for item in page.timeline if item.is_in(one)] for one in Lane}
    refused = [_refused(page, step) for step in page.steps if _is_refused(step) and not step.beside]
    beside = tuple(_beside(page))
    source = f"{page.policy_title} {page.policy_version}"
    obligations = [(line, _owed(page, line, now, source, index)) for index, line in enumerate(page.obligations)]
    return CaseParts(
        id=page.id,
        page=page,
        now=now,
        level=level_part(page.policy_hash, page.level, page.moves, page.raises, now) if page.level.of else None,
        history=tuple(item_part(page, item) for item in page.timeline if item.kind is ItemKind.LEVEL),
        stages=tuple(parts.StagePart(stage.name, stage.state) for stage in page.stages),
        people=person_parts(page.id, page.people[:_OPEN_PEOPLE], unmasks=page.rights.unmask),
        people_count=len(page.people),
        facts=tuple(_fact(page, fact, now) for fact in page.facts),
        files=tuple(_files(page, now)),
        documents=tuple(_document(page, line, now) for line in page.documents),
        label_url=reverse("case-label", args=[page.id]) if page.has_label else "",
        days=tuple(days(page, items[lane], now, whole=whole)),
        lanes=tuple(_lanes(page, {one: len(found) for one, found in items.items()}, lane)),
        lane=lane.value,
        whole=whole,
        steps=tuple(_steps(page)),
        beside=beside,
        beside_count=sum(len(one.steps) for one in beside),
        refused=tuple(refused[:_OPEN_REFUSALS]),
        refused_more=tuple(refused[_OPEN_REFUSALS:]),
        others=tuple(_others(page)),
        elsewhere=tuple(_elsewhere(page)),
        open_obligations=tuple(part for line, part in obligations if line.is_open),
        done_obligations=tuple(part for line, part in obligations if not line.is_open),
        links=tuple(link_parts(page.links.lines, now)),
        owed_links=tuple(owed_parts(page.policy_hash, page.links)),
        merged=tuple(merged_parts(page.merged, now)),
        departments=tuple(department_parts(page.departments, now)),
        samples=tuple(sample_parts(page.policy_hash, page.samples, now)),
        promises=tuple(
            sentences.promise(p.text, p.due_at, now, page.number, provisional=p.is_provisional) for p in page.promises
        ),
        guard=strung(sentences.lock(one.says, [clause.printed for clause in one.clauses]) for one in page.locks),
        shut=shut_words(page.rights.shut),
        talk=_talk(page, now),
        secrecy=_secrecy(page),
    )


def _owed(page: CasePage, line: ObligationLine, now: datetime, source: str, index: int) -> parts.ObligationPart:
    calendar = page.calendar.counted_by(line.receipt.calendar_version if line.receipt is not None else None)
    part = obligation_part(page.policy_hash, line, now, calendar, source, index)
    first = page.firsts.get(line.step) if line.is_open else None
    if first is None:
        return part
    told = first_part(page.policy_hash, first, page.id)
    return replace(part, before=told.text, before_clauses=told.clauses, before_url=told.url)


def _others(page: CasePage) -> Iterator[OthersStep]:
    """When a case is over nothing waits for anybody, unless it is owed."""
    owed = {line.step for line in page.obligations if line.is_open}
    for step in page.steps:
        if step.in_stage and not step.is_mine and step.is_allowed and (not page.is_final or step.code in owed):
            says = strung(dict.fromkeys(sentences.refusal(one.code, one.says) for one in step.kept))
            clauses = (clause for one in step.kept for clause in one.clauses)
            yield OthersStep(step.name, step.who, says=says, clauses=refs(page.policy_hash, clauses))


def _talk(page: CasePage, now: datetime) -> str:
    """Where the customer writes or is written to, who had the last word, for whoever may answer; else nothing."""
    his = [item for item in page.timeline if item.by_complainant and item.kind is not ItemKind.OPENED]
    ours = [item for item in page.timeline if item.to_complainant or item.kind is ItemKind.SENT]
    if page.is_final or not page.rights.message or not any(item.kind in _WORDS for item in (*his, *ours)):
        return ""
    last = max((*his, *ours), key=lambda item: item.at)
    said = _("客户 %(at)s 写来，还没有回") if last.by_complainant else _("与客户的往来，最近 %(at)s")
    return said % {"at": when.when(last.at, now)}


def _elsewhere(page: CasePage) -> Iterator[OthersStep]:
    for step in page.steps:
        if step.is_mine and not (step.in_stage or page.is_final):
            first = page.firsts.get(step.code)
            yield OthersStep(step.name, "", first_part(page.policy_hash, first, page.id) if first is not None else None)


def _secrecy(page: CasePage) -> SecrecyPart | None:
    if page.secrecy is None:
        return None
    return SecrecyPart(page.secrecy.says, listed(page.secrecy.open_to), refs(page.policy_hash, page.secrecy.clauses))


def _steps(page: CasePage) -> Iterator[StepPart]:
    able = [step for step in page.steps if step.is_mine and step.is_allowed and not step.beside]
    able.sort(key=lambda step: (not step.is_signature, not step.is_primary))
    for index, step in enumerate(able):
        leads = step.is_primary or step.is_signature
        yield _step(page, step, leads=index == 0 and leads)


def _step(page: CasePage, step: StepLine, *, leads: bool = False) -> StepPart:
    icon = "rubber-stamp" if step.is_signature else "chevron-right"
    return StepPart(reverse("case-step", args=[page.id, step.code]), step.name, icon, leads)


def _is_refused(step: StepLine) -> bool:
    return step.is_mine and step.in_stage and not step.is_allowed


def _beside(page: CasePage) -> Iterator[BesidePart]:
    """One part each of the documents that lie beside, those that allow something now first."""
    lines = [step for step in page.steps if step.beside and step.is_mine and step.in_stage]
    lines.sort(key=lambda step: not step.is_allowed)
    for title in dict.fromkeys(step.beside for step in lines):
        own = [step for step in lines if step.beside == title]
        yield BesidePart(
            title,
            tuple(_step(page, step) for step in own if step.is_allowed),
            tuple(_refused(page, step) for step in own if not step.is_allowed),
        )


def _refused(page: CasePage, step: StepLine) -> parts.RefusedStep:
    return refused_part(page.policy_hash, step.name, step.refusals, step_address(page.id))


def person_parts(case_id: UUID, people: Sequence[PersonLine], *, unmasks: bool) -> tuple[PersonPart, ...]:
    return tuple(PersonPart(one.name, one.text, _unmask_url(case_id, one) if unmasks else "") for one in people)


def _unmask_url(case_id: UUID, person: PersonLine) -> str:
    hides = "*" in person.text or "＊" in person.text
    return reverse("case-unmask", args=[case_id, person.seq, person.fact]) if hides else ""


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
            note=" · ".join(filter(None, (file.fact, file.added_by, when.when(file.added_at, now)))),
            void=void_words(file.stamp),
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
