"""The form of one step: what it asks, what is known of that already, what is signed, what is to be kept in mind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kesu.access import choices
from kesu.access.actor import Actor
from kesu.access.ledgers import MoveLine, move_lines, weighed_step
from kesu.access.likeness import Described, LikelyValue, likely_values, told_of
from kesu.access.sight.before import BeforeLine, before
from kesu.access.sight.lines import (
    ClauseLine,
    LevelLine,
    RefusalLine,
    clause_lines,
    level_line,
    refusal_lines,
    supplied_by,
)
from kesu.access.sight.precedents import Precedents, precedents_of
from kesu.access.sight.reading import CaseRead, read_case, row_names
from kesu.access.sight.samples import with_drawn
from kesu.access.sight.signatures import SignLink, chain, with_signers
from kesu.access.sight.sums import SumView, sums_of
from kesu.access.sight.texts import TextLine, Texts, read_texts
from kesu.casefile.ledgers import Book
from kesu.casefile.taking_many import may_be_taken_for_many
from kesu.core.errors import NotFound
from kesu.core.signatures import digest_of
from kesu.policy.asking import FieldView, field_of, fields_for, signed_over, with_known
from kesu.policy.events import Event
from kesu.policy.language.names import GENERATED_OPINION, GENERATED_VERDICT
from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.facts import DataClass, Fact, FactType, Value
from kesu.policy.model.rules import VERDICT_GRANTED, Approval, GuardMode, Step
from kesu.policy.standing import said
from kesu.policy.standing.checking import GUARD_REASON
from kesu.policy.standing.results import ApprovalStatus, MissingKind


@dataclass(frozen=True, slots=True)
class ToSign:
    """What lies before a signer: the texts that were submitted, the level, the chain so far, and what he may do beside
    signing."""

    name: str
    clauses: tuple[ClauseLine, ...]
    level: LevelLine
    level_clauses: tuple[ClauseLine, ...]
    submitted: tuple[TextLine, ...]
    by: str
    at: datetime | None
    groups: tuple[TextLine, ...]
    chain: tuple[SignLink, ...]
    acts: tuple[tuple[str, str], ...] = ()  # step and name of what else may be done to it


@dataclass(frozen=True, slots=True)
class GuidanceLine:
    text: str
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class StepForm:
    """`fields` without the verdict of a signature, whose values are in `verdict` (the first one grants). `typed` fills
    the fields of a document with what was stated before; `known` says what stands in a fact now; `who` names those who
    may take the step; `before`: what comes first where it belongs to a later stage; `takes_many`: whether a list may
    say it of many people; `likely`: by fact what cases in like words have; `merges`: the fact that names the case into
    which this one goes, empty where it goes into none."""

    case_id: UUID
    number: str
    version: int
    policy_hash: str
    step: str
    name: str
    help: str
    clauses: tuple[ClauseLine, ...]
    fields: tuple[FieldView, ...]
    verdict: FieldView | None
    typed: Mapping[str, tuple[str, ...]]
    known: Mapping[str, TextLine]
    refusals: tuple[RefusalLine, ...]
    before: BeforeLine | None
    guidance: tuple[GuidanceLine, ...]
    moves: tuple[MoveLine, ...]
    to_sign: ToSign | None
    sums: tuple[SumView, ...]
    precedents: Precedents | None
    writes_letters: bool
    backdate_days: int
    clause_names: Mapping[str, str]
    is_mine: bool
    who: str
    takes_many: bool
    likely: Mapping[str, tuple[LikelyValue, ...]]
    merges: str

    @property
    def all_fields(self) -> tuple[FieldView, ...]:
        """Everything that a posted form may answer."""
        return (*self.fields, self.verdict) if self.verdict else self.fields


def step_form(*, actor: Actor, at: datetime, case_id: UUID, step: str) -> StepForm:
    """Raises `NotFound` for a case outside the scope or a step that the kind has not. Whoever may see the case may
    see the form; whether he may take the step is said in `refusals` and decided when it is taken."""
    read = read_case(actor, at, case_id)
    rule = read.kind.steps.get(step)
    if rule is None or rule.starts_case:
        raise NotFound
    texts = read_texts(read, row_names(read))
    # The head stands for all that the log says, texts and files included.
    fields = signed_over(_fields(read, at, rule), digest_of((step, read.case.head)))
    verdict = next((f for f in fields if rule.signs and any(o.value == VERDICT_GRANTED for o in f.options)), None)
    state = next((s for s in read.current.steps if s.code == step), None)
    asked = tuple(field for field in fields if field is not verdict)
    return StepForm(
        case_id=read.case.pk,
        number=read.case.number,
        version=read.case.version,
        policy_hash=read.pack.hash,
        step=step,
        name=rule.name,
        help=rule.help or "",
        clauses=clause_lines(read.pack, rule.clauses),
        fields=asked,
        verdict=verdict,
        typed=dict(_prefilled(read, texts, asked)),
        known=dict(_known(read, texts, asked)),
        refusals=refusal_lines(read.pack, read.kind, state.refusals) if state else (),
        guidance=_guidance(read, step),
        moves=_moves(read, step, at),
        to_sign=_to_sign(read, texts, rule),
        sums=sums_of(read, _says(read, rule)),
        precedents=precedents_of(read, _says(read, rule)),
        writes_letters=any(read.kind.documents[form].letter for form in rule.forms),
        backdate_days=read.kind.backdate_days,
        clause_names={code: clause.printed for code, clause in read.pack.clauses.items()},
        before=before(read, step) if state is not None and not state.in_stage else None,
        is_mine=state is not None and read.may_take(state),
        who=read.takers(state) if state else "",
        takes_many=may_be_taken_for_many(read.kind, rule),
        likely=_likely(read, asked),
        merges=rule.merges or "",
    )


def _likely(read: CaseRead, fields: tuple[FieldView, ...]) -> Mapping[str, tuple[LikelyValue, ...]]:
    """Of what is not known yet."""
    facts = (read.kind.facts[one.code] for one in fields if one.code in read.kind.facts)
    open_ones = [fact for fact in facts if fact.proposed and read.current.facts.get(fact.code) is None]
    if not open_ones:
        return {}
    case = read.case
    text = told_of(case.pk)
    about = Described(text, case.unit, case.kind, read.pack.code, case.received_at, case.pk)
    return likely_values(read.actor, about, open_ones)


def _fields(read: CaseRead, at: datetime, rule: Step) -> tuple[FieldView, ...]:
    card = read.case.card
    subject = choices.Subject(read.case.pk, card.room, card.person_name, read.pack.code)
    on = read.calendar.local(at).date()
    asked = with_known(fields_for(read.kind, rule, read.taker), read.current.facts)
    fields = [_once_known(read, field) for field in asked]
    fields.extend(_only_here(read, rule, {field.code for field in fields}))
    filled = choices.fill(fields, read.actor, read.kind, read.case.unit, on, subject, read.current.facts)
    filled = tuple(_of_his_own(read, rule, filled))
    filled = choices.with_levels(with_signers(read, rule, filled), rule, read.kind, read.current.level)
    return choices.with_destinations(with_drawn(read, filled, rule), rule, read.case, read.log, at)


def _of_his_own(read: CaseRead, rule: Step, fields: tuple[FieldView, ...]) -> Iterator[FieldView]:
    """Where the step is about one of several values, each with a task of its own, those of which he may speak."""
    state = next((one for one in read.current.steps if one.code == rule.code), None)
    per = next((fact.per for fact in read.kind.facts.values() if fact.per in {one.code for one in fields}), None)
    his = {one.value for one in state.apart if read.is_among(one.by)} if state is not None else set()
    for field in fields:
        if field.code == per and his and None not in his:
            field = replace(field, options=tuple(one for one in field.options if one.value in his))
        yield field


def _once_known(read: CaseRead, field: FieldView) -> FieldView:
    """A document repeats what the case knows; only what it does not know yet must be typed."""
    is_known = bool(field.document) and _before(read, field.code) not in {None, ()}
    return replace(field, is_required=False) if is_known else field


def _before(read: CaseRead, code: str) -> Value | None:
    """What was said of it before. What somebody said in signing is his own, and no answer of the next."""
    is_his_own = code in {GENERATED_OPINION, GENERATED_VERDICT}
    return None if is_his_own or read.kind.is_apart(code) else read.current.facts.get(code)


def _only_here(read: CaseRead, rule: Step, shown: set[str]) -> Iterator[FieldView]:
    """Facts that a guard of this step wants and that no other step supplies; the reason that a guard lets pass."""
    state = next((s for s in read.current.steps if s.code == rule.code), None)
    for refusal in state.refusals if state else ():
        for missing in refusal.missing:
            fact = read.kind.facts.get(missing.code)
            is_wanted = missing.kind is MissingKind.FACT and not supplied_by(read.kind, missing)
            if fact and is_wanted and fact.code not in shown:
                yield field_of(read.kind, fact.code, is_required=True)
        if refusal.mode is GuardMode.REASON:
            yield FieldView(GUARD_REASON, "", FactType.TEXT, is_required=True, multiline=True)


def _prefilled(read: CaseRead, texts: Texts, fields: tuple[FieldView, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Documents repeat what was stated before: nobody types it twice. Personal values only for those who may see
    them; a group is changed from what it is."""
    for field in fields:
        if read.kind.is_apart(field.code) and len(field.options) == 1:
            yield field.code, (field.options[0].value,)
        value = _before(read, field.code)
        fact = read.kind.facts.get(field.code)
        if value is None or fact is None or not (field.document or fact.type is FactType.GROUP):
            continue
        seq = read.current.fact_seqs.get(field.code, 0)
        if fact.type is FactType.PERSON:
            yield from _person(texts, fact, seq)
        elif fact.type is FactType.TEXT:
            if fact.data in {DataClass.INTERNAL, DataClass.RESERVED} or texts.sees_personal:
                text = texts.by_seq.get(seq, {}).get(fact.code)
                yield field.code, (str(text),) if text else ()
        elif fact.type is not FactType.FILE:
            yield field.code, _raw(value)


def _person(texts: Texts, fact: Fact, seq: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    stored = texts.by_seq.get(seq, {}).get(fact.code)
    if isinstance(stored, dict) and texts.sees_personal:
        for part in ("name", "phone"):
            yield f"{fact.code}.{part}", (str(stored.get(part, "")),)


def _raw(value: Value) -> tuple[str, ...]:
    """A value as a form would send it."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, bool):
        return ("是" if value else "否",)
    return (value.isoformat() if hasattr(value, "isoformat") else str(value),)


def _known(read: CaseRead, texts: Texts, fields: tuple[FieldView, ...]) -> Iterator[tuple[str, TextLine]]:
    for field in fields:
        value = _before(read, field.code)
        fact = read.kind.facts.get(field.code)
        if value is None or fact is None or field.document:
            continue
        event = next((e for e in read.log if e.seq == read.current.fact_seqs.get(field.code)), None)
        line = texts.line(fact, event) if event else texts.value_line(fact, value)
        if line is not None:
            yield field.code, line


def _moves(read: CaseRead, step: str, at: datetime) -> tuple[MoveLine, ...]:
    """What the step enters in ledgers by what is known already."""
    if not read.kind.ledgers:
        return ()
    weighed = weighed_step(Book.of(read.case), read.kind, read.calendar, read.log, step, {}, at)
    return move_lines(read.pack, read.kind, weighed)


def _guidance(read: CaseRead, step: str) -> tuple[GuidanceLine, ...]:
    spoken = said.guidance(read.kind, read.log, step, read.current.now, read.calendar)
    return tuple(GuidanceLine(one.text, clause_lines(read.pack, one.clauses)) for one in spoken)


def _to_sign(read: CaseRead, texts: Texts, rule: Step) -> ToSign | None:
    approval = read.kind.approvals.get(rule.approval or "")
    if approval is None:
        return None
    rounds = [a for a in read.current.approvals if a.code == approval.code]
    state = next((a for a in rounds if a.status is ApprovalStatus.OPEN), rounds[-1] if rounds else None)
    submitted = _submission(read, approval)
    return ToSign(
        name=approval.name,
        clauses=clause_lines(read.pack, approval.clauses),
        level=level_line(read.kind, read.current.level),
        level_clauses=clause_lines(read.pack, read.current.level_clauses),
        submitted=tuple(_stated(read, texts, submitted)) if submitted else (),
        by=read.person(submitted.by) if submitted else "",
        at=submitted.at if submitted else None,
        groups=tuple(_groups(read, texts)),
        chain=chain(read, texts, state) if state else (),
        acts=tuple(_acts(read, rule)),
    )


def _says(read: CaseRead, rule: Step) -> set[str]:
    """The events that the step is about: its own, or those that laid before the signers what they sign."""
    approval = read.kind.approvals.get(rule.approval or "")
    return set(_event_kinds(read, approval.of, frozenset())) if approval is not None else {rule.event}


def _acts(read: CaseRead, rule: Step) -> Iterator[tuple[str, str]]:
    """What else the reader may do to the approval that he signs now."""
    for state in read.current.steps if rule.signs is not None else ():
        other = read.kind.steps[state.code]
        is_own = other.acts_on is not None and other.acts_on.approval == rule.signs
        if is_own and state.is_allowed and read.may_take(state):
            yield state.code, state.name.partition("：")[0]


def _submission(read: CaseRead, approval: Approval) -> Event | None:
    """The last event that laid something before the signers, found through the approvals that it passed already."""
    kinds = set(_event_kinds(read, approval.of, frozenset()))
    return next((e for e in reversed(read.log) if e.kind in kinds), None)


def _event_kinds(read: CaseRead, moments: tuple[Moment, ...], seen: frozenset[str]) -> Iterator[str]:
    for moment in moments:
        if moment.noun is MomentNoun.EVENT:
            yield moment.subject
        elif moment.noun is MomentNoun.APPROVAL and moment.subject not in seen:
            before = read.kind.approvals.get(moment.subject)
            if before is not None:
                yield from _event_kinds(read, before.of, seen | {moment.subject})


def _stated(read: CaseRead, texts: Texts, event: Event) -> Iterator[TextLine]:
    """What was stated with it; what its forms only repeat stands where it was stated last."""
    step, known = read.kind.steps.get(event.step or ""), read.current.fact_seqs
    by_seq = {one.seq: one for one in read.log}
    for code in dict.fromkeys((*(read.kind.asked(step) if step else ()), *event.facts)):
        fact = read.kind.facts.get(code)
        told = event if code in event.facts else by_seq.get(known.get(code, 0))
        line = texts.line(fact, told) if fact and told else None
        if line is not None:
            yield line


def _groups(read: CaseRead, texts: Texts) -> Iterator[TextLine]:
    for code, value in read.current.facts.items():
        fact = read.kind.facts.get(code)
        if fact is not None and fact.type is FactType.GROUP:
            yield texts.value_line(fact, value)
