"""The case page: everything that stands on it, for one reader at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import cards_for, desk_link
from kesu.access.ledgers import AccountLine, case_accounts
from kesu.access.sight.apart import duty_owner, kept_line
from kesu.access.sight.before import BeforeLine, before
from kesu.access.sight.beside_steps import Rights, rights_of
from kesu.access.sight.contents import FileLine, PersonLine, file_lines, people_lines, stored_files
from kesu.access.sight.departments import DepartmentLine, departments_of
from kesu.access.sight.heads import heads_by_now
from kesu.access.sight.held_up import history_line, hours_name
from kesu.access.sight.item import Item
from kesu.access.sight.label import has_label
from kesu.access.sight.lines import (
    ClauseLine,
    LevelLine,
    LevelMove,
    ObligationLine,
    RaiseLine,
    StepLine,
    by_urgency,
    clause_lines,
    level_line,
    next_raises,
    obligation_line,
    refusal_lines,
    step_line,
    supplied_by,
)
from kesu.access.sight.links import LinkView, links_of
from kesu.access.sight.locks import LockLine, lock_lines
from kesu.access.sight.merged import MergedView, merged_view
from kesu.access.sight.paper import DocumentLine, document_lines
from kesu.access.sight.promise import PromiseLine, promises
from kesu.access.sight.publications import PublishedLine, publications_of
from kesu.access.sight.reading import CaseRead, read_case, row_names
from kesu.access.sight.samples import SampleLine, samples_of
from kesu.access.sight.stage_line import stage_line
from kesu.access.sight.stated_again import stated_again
from kesu.access.sight.texts import TextLine, Texts, read_texts
from kesu.access.sight.timeline import moves_of, timeline
from kesu.access.sight.told_next import told_next_of
from kesu.access.sources import is_source
from kesu.casefile.issued import stamps
from kesu.policy.calendar import Calendar
from kesu.policy.events import APPROVAL_SIGNED, LEVEL_LOWERED, LEVEL_RAISED, Event
from kesu.policy.model.facts import DataClass, Fact, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.standing import units_of
from kesu.store.fixed import Fixed
from kesu.store.models import MatterMember

_OF_THE_ACT: Final = {APPROVAL_SIGNED, LEVEL_LOWERED, LEVEL_RAISED}
"""Verdicts and reasons belong to the act that stated them; they say nothing of the case itself."""


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage of the bar; `state` is done, current or empty."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """What is known, since when and from whom; `by` is empty for what follows from other facts."""

    line: TextLine
    by: str
    at: datetime | None
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class MatterLine:
    """Another case of the same matter that the reader may see."""

    id: UUID
    number: str
    title: str
    stage: str


@dataclass(frozen=True, slots=True)
class MatterView:
    """`hidden`: members outside the reader's scope, known by number only. `id` None: the case is of no matter; `name`:
    what somebody called it.
    `level_stays`: its level was reached by more people than are counted now, and falls by hand only."""

    members: tuple[MatterLine, ...]
    hidden: int
    id: UUID | None = None
    level_stays: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class SecrecyLine:
    """Why the case is confidential, and the names of the slots and groups to which it is open beside its holder."""

    says: str
    open_to: tuple[str, ...]
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """`subject`: under which it was opened, empty under none. `calendar` is the working calendar of the case, for the
    words of clocks. Instants are UTC. `sent_in_by`: the program outside that handed it in; then there is no first
    contact of the house. `follow`: the secret of the link that is to be given to the customer, for whoever may write to
    him; empty where he has it himself, or where the kind has no customer. `firsts`: by the codes of steps of later
    stages, what comes first."""

    id: UUID
    number: str
    version: int
    kind: str
    subject: str
    follow: str
    policy_hash: str
    policy_title: str
    policy_version: str
    title: str
    room: str
    unit: str
    received_at: datetime
    holder: str
    first_contact: str
    sent_in_by: str
    stage: str
    is_final: bool
    stages: tuple[StageLine, ...]
    level: LevelLine
    level_clauses: tuple[ClauseLine, ...]
    moves: tuple[LevelMove, ...]
    raises: tuple[RaiseLine, ...]
    people: tuple[PersonLine, ...]
    facts: tuple[FactLine, ...]
    files: tuple[FileLine, ...]
    documents: tuple[DocumentLine, ...]
    has_label: bool
    is_side_by_side: bool
    timeline: tuple[Item, ...]
    steps: tuple[StepLine, ...]
    firsts: Mapping[str, BeforeLine]
    obligations: tuple[ObligationLine, ...]
    links: LinkView
    samples: tuple[SampleLine, ...]
    departments: tuple[DepartmentLine, ...]
    matter: MatterView
    merged: MergedView
    promises: tuple[PromiseLine, ...]
    rights: Rights
    locks: tuple[LockLine, ...]
    secrecy: SecrecyLine | None
    recipient: str
    accounts: tuple[AccountLine, ...]
    publications: tuple[PublishedLine, ...]
    calendar: Calendar


def case_page(*, actor: Actor, at: datetime, case_id: UUID) -> CasePage:
    """Raises `NotFound` outside the actor's scope. The number of queries does not depend on the length of the log."""
    read = read_case(actor, at, case_id)
    names = row_names(read)
    texts = read_texts(read, names)
    card, rights = read.case.card, rights_of(read)
    current, opened_by = read.current, read.log[0].by if read.log else None
    people = tuple(people_lines(read.kind, read.log, texts))
    matter, counted = _matter(read)
    return CasePage(
        id=read.case.pk,
        number=read.case.number,
        version=read.case.version,
        kind=read.kind.name,
        subject=card.subject,
        follow=desk_link(read.case, read.kind) if rights.reply and read.kind.has_complainant else "",
        policy_hash=read.pack.hash,
        policy_title=read.pack.title,
        policy_version=read.pack.version,
        title=card.title,
        room=card.room if read.sees_personal else "",
        unit=read.case.unit.name,
        received_at=read.case.received_at,
        holder=card.holder.name if card.holder else "",
        first_contact="" if is_source(opened_by) else read.person(opened_by),
        sent_in_by=read.person(opened_by) if is_source(opened_by) else "",
        stage=read.kind.stages[current.stage].name,
        is_final=current.is_final,
        stages=_stages(read),
        level=level_line(read.kind, current.level),
        level_clauses=clause_lines(read.pack, current.level_clauses),
        moves=moves_of(read, texts),
        raises=next_raises(read.pack, read.kind, current, counted),
        people=people,
        facts=tuple(_facts(read, texts)),
        files=_files(read, texts),
        documents=document_lines(read),
        has_label=has_label(read),
        is_side_by_side=bool(stated_again(read)),
        timeline=timeline(read, texts),
        steps=tuple(_steps(read)),
        firsts=dict(_firsts(read)),
        departments=tuple(departments_of(read, names.units)),
        obligations=by_urgency(tuple(_obligations(read, names.units))),
        links=links_of(read),
        samples=samples_of(read),
        matter=matter,
        merged=merged_view(read),
        promises=promises(read),
        rights=rights,
        locks=lock_lines(read),
        secrecy=_secrecy(read),
        recipient=next((line.text for line in people if line.is_person), ""),
        accounts=case_accounts(read),
        publications=publications_of(read),
        calendar=read.current.walk.calendar,
    )


def _stages(read: CaseRead) -> tuple[StageLine, ...]:
    return tuple(StageLine(read.kind.stages[code].name, state) for code, state in stage_line(read.kind, read.current))


def _files(read: CaseRead, texts: Texts) -> tuple[FileLine, ...]:
    rows = stored_files([read.case.pk])
    papers = stamps(read.kind, read.log, texts.by_seq, rows)
    return tuple(file_lines(read.kind, rows, sees_personal=read.sees_personal, papers=papers))


def _facts(read: CaseRead, texts: Texts) -> Iterator[FactLine]:
    """What is known and not shown elsewhere on the page, in the order of the pack."""
    by_seq: dict[int, Event] = {event.seq: event for event in read.log}
    for code, fact in read.kind.facts.items():
        is_open = fact.data in {DataClass.INTERNAL, DataClass.RESERVED}
        elsewhere = fact.type in {FactType.PERSON, FactType.FILE} or not is_open or read.kind.is_apart(code)
        value = read.current.facts.get(code)
        # A count over the matter is told at its edges only: how many there are by now stands with the matter.
        if elsewhere or fact.counted is not None or value is None or value == () or _is_nought(fact, value):
            continue
        event = by_seq.get(read.current.fact_seqs.get(code, 0))
        if event is not None and event.kind in _OF_THE_ACT:
            continue
        line = texts.line(fact, event) if event and code in event.facts else texts.value_line(fact, value)
        if line is not None:
            yield FactLine(
                line,
                read.person(event.by) if event else "",
                event.at if event else None,
                clause_lines(read.pack, fact.clauses),
            )


def _is_nought(fact: Fact, value: Value) -> bool:
    """A figure that the program works out and that has come to nothing yet."""
    return fact.derive is not None and value == 0 and not isinstance(value, bool)


def _steps(read: CaseRead) -> Iterator[StepLine]:
    """Steps that people of the house take, those first that do what is owed, or without which the case does not go on;
    those of the complainant alone are not his to press."""
    owed = {one.step for one in read.current.obligations if one.is_open} | set(_awaited(read))
    for state in sorted(read.current.steps, key=lambda state: state.code not in owed):
        if read.kind.steps[state.code].starts_case:
            continue
        line = step_line(read.pack, read.kind, state, read.takers(state), is_mine=read.may_take(state))
        line = replace(line, kept=refusal_lines(read.pack, read.kind, read.kept_apart(state)))
        laid = read.pack.charter.laid_by(state.clauses)
        is_next = line.is_signature or state.code in owed or _takes_on(read.kind, state.code)
        yield line if laid is None or is_next else replace(line, beside=laid.title)


def _firsts(read: CaseRead) -> Iterator[tuple[str, BeforeLine]]:
    """What comes before steps of later stages that are owed, or are his to take."""
    owed = {one.step for one in read.current.obligations if one.is_open}
    for state in read.current.steps:
        if not state.in_stage and (state.code in owed or read.may_take(state)):
            first = before(read, state.code)
            if first is not None:
                yield state.code, first


def _awaited(read: CaseRead) -> Iterator[str]:
    """Steps that supply what lacks for those that would take the case on, or with which the policy leads."""
    for state in read.current.steps:
        if state.in_stage and state.refusals and (state.primary or _takes_on(read.kind, state.code)):
            for refusal in state.refusals:
                yield from (supplied_by(read.kind, lack) for lack in refusal.missing)


def _takes_on(kind: Kind, code: str) -> bool:
    """Whether the step may bring the case to another stage of its ordinary way."""
    to = kind.steps[code].to
    return to is not None and any(row.use is not None and not kind.stages[row.use].aside for row in to.rows)


def _obligations(read: CaseRead, units: Mapping[str, str]) -> Iterator[ObligationLine]:
    told = told_next_of(read)
    for one in read.current.obligations:
        owner = duty_owner(read, one)
        if one.staffing.is_vacant:  # the post that is missing is that of the unit, wherever the case lies
            owner = "".join((*(units.get(unit, "") for unit in units_of(one.owner, read.current.facts)), owner))
        line = obligation_line(read.pack, one, owner, is_mine=read.owes(one))
        yield replace(
            line,
            kept=kept_line(read, one),
            history=history_line(read, one),
            hours=hours_name(read, one),
            told_next=told.get(one.key, ()),
        )


def _matter(read: CaseRead) -> tuple[MatterView, Mapping[str, int]]:
    """One query for the membership, one for the members in sight; where a level waits for more heads, those for how
    many there are by now."""
    rows = _JOINED(read.case.pk)
    joined = {pk: confidential for pk, confidential, *_matter in rows if pk != read.case.pk}
    ids = list(joined)
    cards = cards_for(read.actor).filter(pk__in=ids).order_by("received_at", "pk") if ids else ()
    seen = tuple(MatterLine(card.pk, card.number, card.title, card.stage_name) for card in cards)
    in_sight = {line.id for line in seen}
    hidden = sum(1 for pk in ids if pk not in in_sight and not joined[pk])
    matter, name = rows[0][2:] if rows else (None, "")
    counted = heads_by_now(read, matter, {pk for pk in ids if joined[pk] and pk not in in_sight}) if matter else {}
    return MatterView(seen, hidden, matter, _level_stays(read), name), counted


def _level_stays(read: CaseRead) -> bool:
    levels, last = read.kind.levels, next(reversed(read.current.level_changes), None)
    if levels is None or levels.falls_by_itself or last is None:
        return False
    return any(
        isinstance(value, int) and value > int(str(read.current.facts.get(code, 0)))
        for code, value in last.values.items()
        if code in read.kind.facts and read.kind.facts[code].counted is not None
    )


_JOINED: Final = Fixed(
    lambda case: MatterMember.objects.filter(matter__members__case=case).values_list(
        "case_id", "case__card__confidential", "matter_id", "matter__title"
    )
)


def _secrecy(read: CaseRead) -> SecrecyLine | None:
    rule, only_for = read.kind.secrecy, read.current.only_for
    if rule is None or only_for is None:
        return None
    names = (read.kind.facts[who.group].name if who.group else read.role_name(who.role) for who in only_for)
    open_to = tuple(dict.fromkeys(name for name in names if name))
    return SecrecyLine(rule.says, open_to, clause_lines(read.pack, rule.clauses))


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Something that happened since the reader last looked."""

    who: str
    what: str
    at: datetime


def changes_since(*, actor: Actor, at: datetime, case_id: UUID, version: int) -> tuple[ChangeLine, ...]:
    """What others did since `version`, for somebody whose form was overtaken. Raises `NotFound`."""
    read = read_case(actor, at, case_id)
    texts = Texts({}, row_names(read), read.names, sees_personal=False)
    keys: Mapping[str, int] = {f"e{event.seq}": event.seq for event in read.log}
    return tuple(
        ChangeLine(item.who, item.name, item.recorded_at)
        for item in timeline(read, texts)
        if keys.get(item.key, 0) > version
    )
