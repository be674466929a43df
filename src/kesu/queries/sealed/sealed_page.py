"""One sealed case, for somebody on its allow list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kesu.access import choices
from kesu.access.actor import Actor
from kesu.access.sealed import sealed_for
from kesu.access.sight.links import LinkLine, sealed_links_of
from kesu.access.sight.stage_line import stage_line
from kesu.access.takers import taker_for
from kesu.casefile.books import calendar_of, kind_of, pack_of
from kesu.casefile.citing import Citation, cite
from kesu.casefile.log import read_bodies, read_log
from kesu.casefile.named_files import read_files
from kesu.casefile.sealed_files import details_by_id
from kesu.core.errors import NotFound
from kesu.policy.asking import FieldView, fields_of, once_for_all
from kesu.policy.calendar import Calendar
from kesu.policy.events import BY_LINK, CALENDAR_RENEWED, LINKED_CASE, POLICY_RENEWED, Event, subject_of
from kesu.policy.model.facts import GRADED, Fact, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Step
from kesu.policy.standing import Taker, holds, standing
from kesu.policy.standing.links import LINK_EVENTS
from kesu.policy.standing.results import Refusal, Standing
from kesu.store.models import Account, SealedCase, SealedReading


@dataclass(frozen=True, slots=True)
class SealedFileLine:
    """A file of the case. `size` in bytes."""

    id: UUID
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class SealedReadingLine:
    """Somebody took a file out."""

    at: datetime
    who: str
    name: str


@dataclass(frozen=True, slots=True)
class SealedFact:
    """`value` instead of `text` where the words depend on the language of the page; `files` of a fact that is answered
    with files."""

    name: str
    text: str = ""
    value: Value | None = None
    files: tuple[SealedFileLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedEventLine:
    """`who` is empty for the reporter: `by_reporter` says so."""

    at: datetime
    name: str
    who: str
    by_reporter: bool
    facts: tuple[SealedFact, ...]
    is_recount: bool = False  # another version of the calendar counts from then on
    is_reruled: bool = False  # or another version of the policy


@dataclass(frozen=True, slots=True)
class SealedStep:
    """A step that the reader might take; `refusals` say why he may not now."""

    code: str
    name: str
    is_allowed: bool
    is_primary: bool
    citations: tuple[Citation, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class SealedObligation:
    key: str
    name: str
    starts_at: datetime
    due_at: datetime | None
    is_open: bool
    is_provisional: bool
    met_at: datetime | None
    paused_since: datetime | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class SealedPage:
    """`subject`: under which it was opened, empty under none."""

    id: UUID
    code: str
    version: int
    kind: str
    subject: str
    unit: str
    stage: str
    is_final: bool
    stages: tuple[tuple[str, str], ...]
    received_at: datetime
    events: tuple[SealedEventLine, ...]
    steps: tuple[SealedStep, ...]
    obligations: tuple[SealedObligation, ...]
    readings: tuple[SealedReadingLine, ...]
    links: tuple[LinkLine, ...]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class SealedStepForm:
    case_id: UUID
    code: str
    version: int
    step: str
    name: str
    help: str
    policy_hash: str
    clause_names: Mapping[str, str]
    citations: tuple[Citation, ...]
    fields: tuple[FieldView, ...]


@transaction.atomic
def sealed_page(*, actor: Actor, at: datetime, case_id: UUID) -> SealedPage:
    """Raises `NotFound` for everybody off the list."""
    case = sealed_for(actor, case_id)
    kind, calendar = kind_of(case.policy_version_id, case.kind), calendar_of(case.calendar_version_id)
    log = read_log(case, kind)
    current = standing(kind, log, at, calendar)
    bodies = read_bodies(case, [data.value for data in GRADED])
    kept = details_by_id(case)
    files = {key: SealedFileLine(UUID(key), file.name, file.size) for key, file in kept.items()}
    names = _names(kind, log, bodies)
    taker = taker_for(actor, case.unit.path, kind, log)
    links = sealed_links_of(actor, kind, log)
    told = _told(log, {link.id.hex for link in links})
    return SealedPage(
        id=case.pk,
        code=case.code,
        version=case.version,
        kind=kind.name,
        subject=subject_of(log),
        unit=case.unit.name,
        stage=kind.stages[current.stage].name,
        is_final=current.is_final,
        stages=tuple((kind.stages[code].name, state) for code, state in stage_line(kind, current)),
        received_at=case.received_at,
        events=tuple(_event(kind, event, bodies.get(event.seq, {}), names, files) for event in reversed(told)),
        steps=tuple(_steps(case, kind, current, taker)),
        obligations=tuple(_obligations(case, current)),
        readings=tuple(_readings(case, files)),
        links=links,
        calendar=current.walk.calendar,
    )


@transaction.atomic
def sealed_step_form(*, actor: Actor, at: datetime, case_id: UUID, step: str) -> SealedStepForm:
    """Raises `NotFound` off the list and for a step that the kind has not."""
    case = sealed_for(actor, case_id)
    kind, calendar = kind_of(case.policy_version_id, case.kind), calendar_of(case.calendar_version_id)
    rule = kind.steps.get(step)
    if rule is None or rule.starts_case:
        raise NotFound
    depends = any(field.asked for field in fields_of(kind, rule))
    known = standing(kind, read_log(case, kind), at, calendar).facts if depends else {}
    return SealedStepForm(
        case_id=case.pk,
        code=case.code,
        version=case.version,
        step=rule.code,
        name=rule.name,
        help=rule.help or "",
        policy_hash=case.policy_version_id,
        clause_names={code: clause.printed for code, clause in pack_of(case.policy_version_id).clauses.items()},
        citations=cite(case.policy_version_id, rule.clauses),
        fields=choices.fill(_fields(kind, rule, known), actor, kind, case.unit, calendar.local(at).date()),
    )


def _fields(kind: Kind, rule: Step, known: Mapping[str, Value]) -> tuple[FieldView, ...]:
    """Other cases are never offered here."""
    return tuple(f for f in once_for_all(fields_of(kind, rule), known) if f.type is not FactType.CASE)


def _told(log: Sequence[Event], seen: set[str]) -> list[Event]:
    """Without what became of cases whose list does not name the reader: not even that there are any."""
    return [event for event in log if event.kind not in LINK_EVENTS or str(event.facts[LINKED_CASE]) in seen]


def _names(kind: Kind, log: Sequence[Event], bodies: Mapping[int, Mapping[str, Any]]) -> dict[str, str]:
    """Names of those who acted and of the colleagues whom the texts name. One query."""
    ids = {event.by for event in log if event.by and len(event.by) == 32}
    groups = [code for code, fact in kind.facts.items() if fact.type is FactType.GROUP]
    for texts in bodies.values():
        ids.update(str(member).rpartition(":")[2] for code in groups for member in texts.get(code, ()))
    wanted = {one for one in ids if len(one) == 32}
    return {pk.hex: name for pk, name in Account.objects.filter(pk__in=wanted).values_list("pk", "name")}


def _event(
    kind: Kind, event: Event, texts: Mapping[str, Any], names: Mapping[str, str], files: Mapping[str, SealedFileLine]
) -> SealedEventLine:
    said = (fact for code, fact in kind.facts.items() if code in event.facts or code in texts)
    lines = (_fact(fact, event, texts, names, files) for fact in said)
    return SealedEventLine(
        at=event.at,
        name=_name(kind, event),
        is_recount=event.kind == CALENDAR_RENEWED,
        is_reruled=event.kind == POLICY_RENEWED,
        who=names.get(event.by or "", ""),
        by_reporter=event.by == COMPLAINANT,
        facts=tuple(line for line in lines if line.text or line.files or line.value is not None),
    )


def _name(kind: Kind, event: Event) -> str:
    """Of the step that was taken, of the case that was linked, or of what the program told somebody of."""
    step = kind.steps.get(event.step or "")
    if step is not None:
        return step.name
    link = kind.opens.get(str(event.facts.get(BY_LINK, ""))) if event.kind in LINK_EVENTS else None
    if link is not None:
        return link.name
    told = kind.notices.get(str(event.facts.get("notice"))) or kind.duties.get(str(event.facts.get("duty")))
    return told.name if told else ""


def _fact(
    fact: Fact,
    event: Event,
    texts: Mapping[str, Any],
    names: Mapping[str, str],
    files: Mapping[str, SealedFileLine],
) -> SealedFact:
    text = texts.get(fact.code)
    if isinstance(text, dict):
        return SealedFact(fact.name, " ".join(str(part) for part in text.values() if part))
    if isinstance(text, list) and fact.type is FactType.FILE:
        named = (one.id.hex for one in read_files(text))
        return SealedFact(fact.name, files=tuple(files[one] for one in named if one in files))
    if isinstance(text, list):
        people = (names.get(str(member).rpartition(":")[2], "") for member in text)
        return SealedFact(fact.name, "、".join(name for name in people if name))
    if isinstance(text, str):
        return SealedFact(fact.name, text)
    return SealedFact(fact.name, value=None if fact.type.is_marked else event.facts.get(fact.code))


def _readings(case: SealedCase, files: Mapping[str, SealedFileLine]) -> Iterator[SealedReadingLine]:
    """Newest first. One query."""
    rows = SealedReading.objects.filter(case=case).order_by("-at", "-pk")
    for at, who, file in rows.values_list("at", "account__name", "file_id"):
        yield SealedReadingLine(at, who, files[file.hex].name)


def _steps(case: SealedCase, kind: Kind, current: Standing, taker: Taker) -> Iterator[SealedStep]:
    for state in current.steps:
        rule = kind.steps[state.code]
        if rule.starts_case or not state.in_stage or not any(holds(taker, who, current.facts) for who in state.by):
            continue
        yield SealedStep(
            code=state.code,
            name=state.name,
            is_allowed=state.is_allowed,
            is_primary=state.primary,
            citations=cite(case.policy_version_id, state.clauses),
            refusals=state.refusals,
        )


def _obligations(case: SealedCase, current: Standing) -> Iterator[SealedObligation]:
    for one in current.obligations:
        yield SealedObligation(
            key=one.key,
            name=one.name,
            starts_at=one.starts_at,
            due_at=one.due_at,
            is_open=one.is_open,
            is_provisional=one.is_provisional,
            met_at=one.met_at,
            paused_since=one.paused_since,
            citations=cite(case.policy_version_id, one.clauses),
        )
