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
from kesu.access.takers import taker_for
from kesu.casefile.books import calendar_of, kind_of, pack_of
from kesu.casefile.citing import Citation, cite
from kesu.casefile.log import read_bodies, read_log
from kesu.core.errors import NotFound
from kesu.policy.asking import FieldView, fields_of
from kesu.policy.calendar import Calendar
from kesu.policy.events import LINK, Event, subject_of
from kesu.policy.model.facts import DataClass, Fact, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Step
from kesu.policy.standing import Taker, holds, standing
from kesu.policy.standing.links import LINK_EVENTS
from kesu.policy.standing.results import Refusal, Standing
from kesu.store.models import Account, SealedCase


@dataclass(frozen=True, slots=True)
class SealedFact:
    """`value` instead of `text` where the words depend on the language of the page."""

    name: str
    text: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class SealedEventLine:
    """`who` is empty for the reporter: `by_reporter` says so."""

    at: datetime
    name: str
    who: str
    by_reporter: bool
    facts: tuple[SealedFact, ...]


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
    bodies = read_bodies(case, [data.value for data in DataClass])
    names = _names(log, bodies)
    taker = taker_for(actor, case.unit.path, kind, log)
    return SealedPage(
        id=case.pk,
        code=case.code,
        version=case.version,
        kind=kind.name,
        subject=subject_of(log),
        unit=case.unit.name,
        stage=kind.stages[current.stage].name,
        is_final=current.is_final,
        stages=_stages(kind, current),
        received_at=case.received_at,
        events=tuple(_event(kind, event, bodies.get(event.seq, {}), names) for event in reversed(log)),
        steps=tuple(_steps(case, kind, current, taker)),
        obligations=tuple(_obligations(case, current)),
        links=sealed_links_of(actor, kind, log),
        calendar=calendar,
    )


@transaction.atomic
def sealed_step_form(*, actor: Actor, at: datetime, case_id: UUID, step: str) -> SealedStepForm:
    """Raises `NotFound` off the list and for a step that the kind has not."""
    case = sealed_for(actor, case_id)
    kind, calendar = kind_of(case.policy_version_id, case.kind), calendar_of(case.calendar_version_id)
    rule = kind.steps.get(step)
    if rule is None or rule.starts_case:
        raise NotFound
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
        fields=choices.fill(_fields(kind, rule), actor, kind, case.unit, calendar.local(at).date()),
    )


def _fields(kind: Kind, rule: Step) -> tuple[FieldView, ...]:
    """Files of sealed cases are not kept yet; other cases are never offered here."""
    return tuple(f for f in fields_of(kind, rule) if f.type not in {FactType.FILE, FactType.CASE})


def _stages(kind: Kind, current: Standing) -> tuple[tuple[str, str], ...]:
    order = list(kind.stages)
    at = order.index(current.stage)
    return tuple(
        (stage.name, "done" if i < at else "current" if i == at else "") for i, stage in enumerate(kind.stages.values())
    )


def _names(log: Sequence[Event], bodies: Mapping[int, Mapping[str, Any]]) -> dict[str, str]:
    """Names of those who acted and of the colleagues whom the texts name. One query."""
    ids = {event.by for event in log if event.by and len(event.by) == 32}
    for texts in bodies.values():
        for text in texts.values():
            if isinstance(text, list):
                ids.update(str(member).rpartition(":")[2] for member in text)
    wanted = {one for one in ids if len(one) == 32}
    return {pk.hex: name for pk, name in Account.objects.filter(pk__in=wanted).values_list("pk", "name")}


def _event(kind: Kind, event: Event, texts: Mapping[str, Any], names: Mapping[str, str]) -> SealedEventLine:
    step = kind.steps.get(event.step or "")
    said = (fact for code, fact in kind.facts.items() if code in event.facts or code in texts)
    lines = (_fact(fact, event, texts, names) for fact in said)
    return SealedEventLine(
        at=event.at,
        name=step.name if step else _linked(kind, event),
        who=names.get(event.by or "", ""),
        by_reporter=event.by == COMPLAINANT,
        facts=tuple(line for line in lines if line.text or line.value is not None),
    )


def _linked(kind: Kind, event: Event) -> str:
    link = kind.opens.get(str(event.facts.get(LINK, ""))) if event.kind in LINK_EVENTS else None
    return link.name if link is not None else ""


def _fact(fact: Fact, event: Event, texts: Mapping[str, Any], names: Mapping[str, str]) -> SealedFact:
    text = texts.get(fact.code)
    if isinstance(text, dict):
        return SealedFact(fact.name, " ".join(str(part) for part in text.values() if part))
    if isinstance(text, list):
        people = (names.get(str(member).rpartition(":")[2], "") for member in text)
        return SealedFact(fact.name, "、".join(name for name in people if name))
    if isinstance(text, str):
        return SealedFact(fact.name, text)
    return SealedFact(fact.name, "", None if fact.type.is_marked else event.facts.get(fact.code))


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
            met_at=one.met_at,
            paused_since=one.paused_since,
            citations=cite(case.policy_version_id, one.clauses),
        )
