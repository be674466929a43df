"""The case page as its templates print it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.access.sight.lines import StepLine
from kesu.access.sight.paper import DocumentLine
from kesu.access.sight.timeline import Item, ItemKind, Lane
from kesu.queries.cases.case_page import CasePage, FactLine, PersonLine
from kesu.web import approving, marks, parts, sentences, when
from kesu.web.cases.drawing import (
    level_part,
    obligation_part,
    reason_of,
    refs,
    refused_part,
    shut_words,
    step_address,
    text_of,
)
from kesu.web.cases.linked import LinkPart, OwedPart, link_parts, owed_parts
from kesu.web.cases.sampled import SamplePart, sample_parts
from kesu.web.joining import listed, strung
from kesu.web.links import case_url

_OPEN_REFUSALS: Final = 3


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
    before: str = ""
    before_index: int | None = None
    after: str = ""
    after_index: int | None = None
    of: int = 0


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
    samples: tuple[SamplePart, ...]
    promises: tuple[str, ...]
    guard: str
    shut: str
    secrecy: SecrecyPart | None


def show(page: CasePage, now: datetime, lane: Lane = Lane.ALL) -> CaseParts:
    items = {one: [item for item in page.timeline if item.is_in(one)] for one in Lane}
    refused = [_refused(page, step) for step in page.steps if step.is_mine and step.in_stage and not step.is_allowed]
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
        people=tuple(_person(page, person) for person in page.people),
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
    heads: dict[str, list[ItemPart]] = {}
    for item in items:
        heads.setdefault(when.day_head(item.at, now), []).append(_item(page, item))
    for head, drawn in heads.items():
        yield DayPart(head, tuple(drawn))


_LOOKS: Final = {
    ItemKind.LEVEL: "level",
    ItemKind.ESCALATION: "late",
    ItemKind.INTERNAL: "internal",
    ItemKind.SENT: "sent",
    ItemKind.RECEIVED: "customer",
}
_ICONS: Final = {
    ItemKind.SIGNED: "rubber-stamp",
    ItemKind.STAFFED: "users",
    ItemKind.NOTICE: "send",
    ItemKind.TO_GUEST: "send",
    ItemKind.FROM_GUEST: "message-circle",
    ItemKind.REMINDER: "bell",
    ItemKind.VIEWED: "eye",
    ItemKind.PRINTED: "printer",
    ItemKind.OPENED: "eye",
    ItemKind.TAKEN_OUT: "download",
    ItemKind.FILE_SAID: "file",
    ItemKind.FILE_HANDED: "file",
    ItemKind.FILE_MARKED: "edit",
    ItemKind.WORLD: "info-circle",
    ItemKind.LINK_OPENED: "link",
    ItemKind.LINK_CLOSED: "link",
    ItemKind.LINK_REOPENED: "link",
    ItemKind.DRAWN: "filter",
    ItemKind.COUNTED: "chart-bar",
    ItemKind.MATTER: "users",
}


def _item(page: CasePage, item: Item) -> ItemPart:
    move = item.move
    return ItemPart(
        key=item.key,
        look=_LOOKS.get(item.kind, "event"),
        icon=_ICONS.get(item.kind, "clipboard-check"),
        who=_who(page, item),
        role=item.role,
        text=_text(item),
        at=item.at,
        rows=tuple(RowPart(line.name, text_of(line)) for line in item.lines),
        clauses=refs(page.policy_hash, item.clauses),
        is_void=item.is_void,
        is_interim=item.is_interim,
        before=move.before.name if move else "",
        before_index=move.before.index if move else None,
        after=move.after.name if move else "",
        after_index=move.after.index if move else None,
        of=move.after.of if move else 0,
    )


def _who(page: CasePage, item: Item) -> str:
    if item.by_complainant:
        return page.recipient or _("客户")
    return item.who


def _text(item: Item) -> str:
    if item.kind is ItemKind.LEVEL and item.move is not None:
        return reason_of(item.move)
    said = _SENTENCES[item.kind]() % {"name": item.name} if item.kind in _SENTENCES else item.text or item.name
    if item.instead is not None:
        told = _("改为告知%(slot)s") % {"slot": item.instead} if item.instead else _("没有告知任何人")
        said = _("%(name)s：应告知的岗位现在没有人，%(told)s") % {"name": item.name, "told": told}
    if item.kind is ItemKind.TO_GUEST:
        said = _("致%(name)s：%(text)s") % {"name": item.name, "text": item.text}
    if item.kind is ItemKind.SIGNED:
        verdict = _("同意") if item.verdict == "granted" else _("退回")
        said = f"{item.name}：{verdict}"
    if item.kind is ItemKind.STAFFED:
        said = _("%(name)s：%(found)s") % {"name": item.name, "found": approving.found(item.verdict)}
    if item.stage:
        said = _("%(said)s，进入“%(stage)s”") % {"said": said, "stage": item.stage}
    if (item.recorded_at - item.at).total_seconds() > 60:
        said = _("%(said)s（%(at)s 补录）") % {"said": said, "at": when.stamp(item.recorded_at)}
    return said


_SENTENCES: Final = {
    ItemKind.NOTICE: lambda: _("已发出：%(name)s"),
    ItemKind.REMINDER: lambda: _("已提醒：%(name)s"),
    ItemKind.ESCALATION: lambda: _("%(name)s超时，已上报"),
    ItemKind.LINK_OPENED: lambda: _("已开立关联的诉件：%(name)s"),
    ItemKind.LINK_CLOSED: lambda: _("关联的诉件已经结束：%(name)s"),
    ItemKind.LINK_REOPENED: lambda: _("关联的诉件重新办理：%(name)s"),
    ItemKind.DRAWN: lambda: _("已抽签抽出：%(name)s"),
    ItemKind.COUNTED: lambda: _("已由指标算出：%(name)s"),
    ItemKind.MATTER: lambda: _("同一事项的人数到了制度写的界限"),
    ItemKind.VOIDED: lambda: _("更正：撤销前面的记录"),
    ItemKind.VIEWED: lambda: _("查看了%(name)s的完整内容"),
    ItemKind.OPENED: lambda: _("打开了查询页"),
    ItemKind.PRINTED: lambda: _("打印或下载了含个人信息的%(name)s"),
    ItemKind.TAKEN_OUT: lambda: _("下载了文件 %(name)s"),
    ItemKind.FILE_SAID: lambda: _("说明了证据 %(name)s"),
    ItemKind.FILE_HANDED: lambda: _("交接了证据原件 %(name)s"),
    ItemKind.FILE_MARKED: lambda: _("在图上标注：%(name)s"),
}
