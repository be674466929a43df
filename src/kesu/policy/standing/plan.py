"""What the walk needs to know of a kind before it starts, worked out once per compiled kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Final

from kesu.policy.events import (
    DOCUMENT_FILLED,
    DRAW_MADE,
    LINK_CLOSED,
    LINK_OPENED,
    LINK_REOPENED,
    MEASURE_TAKEN,
    NOTICE_SENT,
)
from kesu.policy.model.conditions import Elapsed, FactRef, LevelTest, Moment, MomentNoun, StageTest, StartIn, Table
from kesu.policy.model.facts import Fact, FactType, GroupAddition, Value
from kesu.policy.model.limits import Limit
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.pack import Kind
from kesu.policy.model.parts import parts_of, tells_time
from kesu.policy.model.rules import Duty, Guard, Link, NeedKind, Step, Who
from kesu.policy.model.samples import Sample
from kesu.policy.standing.apart import Apart
from kesu.policy.standing.derived import MomentsByKey, derived_in_order, moments_by_key, table_reads
from kesu.policy.standing.extending import extended_by
from kesu.policy.standing.hearing import NOBODY, Heard, Hearers, heard_by, hearers_of
from kesu.policy.standing.lapsing import Lapses, lapses_of
from kesu.policy.standing.moments import (
    DRAW,
    DRAWS,
    ENTERED,
    EVENT,
    LEFT,
    LEVEL_ITSELF,
    LINK,
    LINKED,
    NOTICE,
    SENT,
    STAGE,
    Key,
    key_of,
)
from kesu.policy.standing.naming import missing
from kesu.policy.standing.reads import Reads
from kesu.policy.standing.results import MissingKind, Refusal, StepState

_SAID: Final = frozenset(
    {DOCUMENT_FILLED, NOTICE_SENT, LINK_OPENED, LINK_CLOSED, LINK_REOPENED, DRAW_MADE, MEASURE_TAKEN}
)
_KEPT: Final = 64
_plans: dict[tuple[int, ...], tuple[tuple[Kind, ...], Plan]] = {}


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """Who listens to what among the duties of a kind."""

    reads: Mapping[str, Reads]  # of each duty while it is open
    all_reads: frozenset[str | Key]
    hears: frozenset[Key]  # what starts, ends or extends any of them
    plain: Mapping[str, tuple[tuple[Limit, ...], Who]]  # limits and owner of those that depend on nothing
    timed: frozenset[str]  # those of which time alone changes more than whether they are due

    @classmethod
    def of(cls, kind: Kind, hearers: Mapping[Key, Hearers]) -> DutyPlan:
        """The plan of the duties of a compiled kind."""
        duties, apart = kind.duties.values(), Apart.of(kind)
        kept = {duty.code: tuple(map(FactRef, sorted(apart.facts.get(duty.per or "", ())))) for duty in duties}
        reads = {one.code: Reads.of(one.whilst, one.within, one.owner, one.pauses, kept[one.code]) for one in duties}
        return cls(
            reads=reads,
            all_reads=frozenset[str | Key]().union(*(one.all for one in reads.values())),
            hears=frozenset(key for key, one in hearers.items() if one.concerns_duties),
            plain={duty.code: plain for duty in duties if (plain := _plain(duty)) is not None},
            timed=frozenset(duty.code for duty in duties if _changes_by_itself(duty)),
        )


@dataclass(frozen=True, slots=True)
class OverPlan:
    """What a kind asks of other cases: samples, and figures that the program states; those for which it waits, and
    those in which its own go on."""

    is_any: bool
    samples: Mapping[str, Sample]
    sample_starts: Heard[Sample]
    reckoning_starts: Heard[Fact]
    named_facts: frozenset[str]  # case facts of which some guard waits until the case has ended
    merged: frozenset[str]  # stages of cases that go on in another one: of these nothing is urged any more
    told: Mapping[str, tuple[Sample, ...]]  # event → the samples of which it says what became of one

    @classmethod
    def of(cls, kind: Kind) -> OverPlan:
        """The plan of a compiled kind."""
        measured = [fact for fact in kind.facts.values() if fact.measured is not None]
        return cls(
            is_any=bool(kind.samples or measured),
            samples=kind.samples,
            sample_starts=heard_by(kind.samples.values(), lambda sample: sample.starts),
            reckoning_starts=heard_by(measured, lambda fact: fact.measured.starts if fact.measured else ()),
            named_facts=kind.waits_for_named,
            merged=kind.merged_stages,
            told=_told_samples(kind),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Who listens to which moment, and which facts need watching."""

    keys: Mapping[int, Key]  # by the identity of each moment of the kind, which lives as long as its plan
    hearers: Mapping[Key, Hearers]  # of the kinds of marks that anything asks for
    event_keys: Mapping[str, Key]  # of these the events, by their kind
    said: frozenset[str]  # events that mean something to the engine, whatever a policy says of them
    defaults: Mapping[str, Value]  # facts that are known before anybody states them
    file_facts: frozenset[str]
    derived: tuple[Fact, ...]
    derived_reads: Mapping[str, Reads]
    derived_of: Mapping[str, MomentsByKey]  # what each of them counts
    late_facts: frozenset[str]  # derived facts that read what comes about after them
    derived_hear: frozenset[str | Key]  # what any derived fact reads, and whether one is stated instead
    derived_hear_late: frozenset[str | Key]  # of this, what may come about after them
    finals: frozenset[str]  # stages in which a case is over
    entered: frozenset[str]  # stages of which anything asks when they were entered
    left: frozenset[str]  # and when they were left
    time_reads: frozenset[str | Key]  # what decides when time alone moves levels, derived facts, groups
    timed_facts: frozenset[str]  # derived facts that time alone may move
    reads_late: bool
    additions: tuple[tuple[str, GroupAddition], ...]  # who joins which group by himself
    addition_reads: Reads
    adds_by_duties: bool  # whether somebody joins a group because of what becomes of a duty, which is read late
    level_reads: Reads
    level_ranks: Mapping[str, int]
    duties: DutyPlan
    approvals_hear: frozenset[Key]  # what asks for one or ends it
    signing_steps: Mapping[str, str]  # approval → the step that signs it
    approval_reads: Reads  # while any is under way
    owing: frozenset[Key]  # marks because of which something besides duties is owed
    links: Mapping[str, LinkedCase]
    link_starts: Heard[LinkedCase]
    over: OverPlan
    lived_ages: frozenset[int]  # by identity: tests of time in levels, which stand still while the case is over
    counted_facts: tuple[str, ...]  # facts that may stop the clock of an age
    lapses: Lapses
    dated_facts: tuple[str, ...]  # facts that are named as moments
    notice_guards: Mapping[str, tuple[Guard, ...]]
    turns: Mapping[
        str, tuple[str | None, Table[str | None]]
    ]  # step → where to; first where it always leads, if anywhere
    step_guards: Mapping[str, tuple[Guard, ...]]
    own_facts: Mapping[str, frozenset[str]]  # step → facts that it states itself, and those that follow from them
    timed_steps: tuple[Step, ...]  # those of which time alone may change something
    offers: dict[str, tuple[StepState | Step, ...]]  # stage → its steps; the state of those that nothing else moves
    wrong_stage: Mapping[str, Refusal]  # why a step is refused in a stage that is not its own
    moves: bool  # whether a step may move the case to another unit
    apart: Apart


def plan_of(kind: Kind, *others: Kind) -> Plan:
    """The plan of a compiled kind. `others`: by which the same case stood before or stands later; of whatever they ask,
    a mark is left too. Kinds are immutable, so plans are kept; the oldest goes when there are many."""
    kinds = (kind, *others)
    # The kinds are kept beside their plan, so that their identity cannot be taken over by another object.
    kept = _plans.get(key := tuple(map(id, kinds)))
    if kept is not None:
        return kept[1]
    plan = _make(kind)
    for other in others:
        plan = _with_marks_of(plan_of(other), plan)
    if len(_plans) >= _KEPT:
        _plans.pop(next(iter(_plans)), None)
    _plans[key] = (kinds, plan)
    return plan


def _with_marks_of(other: Plan, plan: Plan) -> Plan:
    return replace(
        plan,
        hearers={**dict.fromkeys(other.hearers, NOBODY), **plan.hearers},
        event_keys={**other.event_keys, **plan.event_keys},
        said=plan.said | other.said,
        entered=plan.entered | other.entered,
        left=plan.left | other.left,
        counted_facts=tuple(dict.fromkeys((*plan.counted_facts, *other.counted_facts))),
        dated_facts=tuple(dict.fromkeys((*plan.dated_facts, *other.dated_facts))),
    )


def _make(kind: Kind) -> Plan:
    parts = list(parts_of(kind))
    moments = [part for part in parts if isinstance(part, Moment)]
    guards, derived = kind.guards.values(), derived_in_order(kind)
    additions = tuple((code, addition) for code, fact in kind.facts.items() for addition in fact.adds)
    derived_reads = {fact.code: Reads.of(fact.derive) for fact in derived}
    level_reads = Reads.of(*(rule.when for rule in kind.levels.rules)) if kind.levels else Reads.of()
    worked_out = {fact.code for fact in derived} | {code for code, _ in additions}
    timed = [fact.code for fact in derived if _moves_by_itself(fact)]
    late = frozenset(code for code, reads in derived_reads.items() if _reads_ahead(reads, worked_out))
    heard = frozenset({key_of(moment) for moment in moments} | _asked_by_code(kind) | Apart.of(kind).heard)
    hearers = hearers_of(kind, heard)
    addition_reads = Reads.of(*(FactRef(code) for code, _ in additions), *(a.when for _, a in additions))
    over, link_starts = OverPlan.of(kind), heard_by(kind.opens.values(), lambda link: link.starts)
    return Plan(
        keys={id(moment): key_of(moment) for moment in moments},
        hearers=hearers,
        event_keys={key[1]: key for key in heard if key[0] == EVENT},
        said=_SAID | _said_of_samples(kind),
        defaults={code: fact.default for code, fact in kind.facts.items() if fact.default is not None},
        file_facts=frozenset(code for code, fact in kind.facts.items() if fact.type is FactType.FILE),
        derived=derived,
        derived_reads=derived_reads,
        derived_of={fact.code: moments_by_key(fact.derive) for fact in derived},
        late_facts=late,
        derived_hear=_all_of(*derived_reads.values()) | frozenset(derived_reads),
        derived_hear_late=_all_of(*(derived_reads[code] for code in late)),
        finals=frozenset(code for code, stage in kind.stages.items() if stage.final),
        entered=frozenset(code for code in kind.stages if (STAGE, code, ENTERED) in heard),
        left=frozenset(code for code in kind.stages if (STAGE, code, LEFT) in heard),
        additions=additions,
        addition_reads=addition_reads,
        adds_by_duties=any(noun == MomentNoun.DUTY for noun, _, _ in addition_reads.moments),
        level_reads=level_reads,
        level_ranks={level.code: rank for rank, level in enumerate(kind.levels.order if kind.levels else ())},
        duties=DutyPlan.of(kind, hearers),
        time_reads=_all_of(level_reads, addition_reads, *(derived_reads[code] for code in timed)) | {LEVEL_ITSELF},
        timed_facts=frozenset(timed),
        reads_late=any(_is_late(part) for fact in kind.facts.values() for part in parts_of(fact.derive)),
        approvals_hear=frozenset(key for key, one in hearers.items() if one.asks or one.stops),
        signing_steps={step.signs: step.code for step in kind.steps.values() if step.signs is not None},
        approval_reads=Reads.of(kind.approvals, tuple(map(FactRef, _who_lays_out(kind)))),
        owing=_owing(hearers, link_starts, over),
        links=kind.opens,
        link_starts=link_starts,
        over=over,
        lived_ages=_lived_ages(kind),
        counted_facts=tuple(dict.fromkeys(c for one in parts if isinstance(one, Elapsed) for c, _ in one.counts)),
        lapses=lapses_of(kind),
        dated_facts=tuple(dict.fromkeys(one.subject for one in moments if one.noun is MomentNoun.FACT)),
        notice_guards={code: tuple(g for g in guards if code in g.notices) for code in kind.notices},
        turns={code: (step.to.only, step.to) for code, step in kind.steps.items() if step.to is not None},
        step_guards={code: tuple(g for g in guards if code in g.steps) for code in kind.steps},
        own_facts={code: _own_facts(step, kind, derived) for code, step in kind.steps.items()},
        timed_steps=tuple(step for step in kind.steps.values() if _is_timed(step, kind)),
        offers={},  # filled as cases come to the stages
        wrong_stage={code: _wrong_stage(step, kind) for code, step in kind.steps.items() if step.from_stages},
        moves=kind.moves,
        apart=Apart.of(kind),
    )


def _all_of(*reads: Reads) -> frozenset[str | Key]:
    return frozenset[str | Key]().union(*(one.all for one in reads))


def _owing(hearers: Mapping[Key, Hearers], links: Heard[LinkedCase], over: OverPlan) -> frozenset[Key]:
    """The marks because of which a notice, a linked case, a sample or a figure is owed."""
    notices = (key for key, one in hearers.items() if one.notices)
    return frozenset({*notices, *links, *over.sample_starts, *over.reckoning_starts})


def _said_of_samples(kind: Kind) -> frozenset[str]:
    return frozenset(event for one in kind.samples.values() for event in (one.done, one.given_up) if event)


def _changes_by_itself(duty: Duty) -> bool:
    """Whether time alone changes more about the duty than whether it is due."""
    hands_over = any(rule.hand_over for rule in duty.overdue)
    return bool(duty.pauses) or hands_over or any(map(_reads_time, (duty.whilst, duty.within, duty.owner)))


def _who_lays_out(kind: Kind) -> set[str]:
    """The facts that say which places a link has: units of which somebody signs in each, groups of which all sign."""
    links = [part for part in parts_of(kind.approvals) if isinstance(part, Link)]
    return {code for link in links for who in link.who for code in (who.of, who.group) if code is not None}


def _lived_ages(kind: Kind) -> frozenset[int]:
    """By identity: the tests of time in levels that stand still while the case is over."""
    rules = (rule for rule in (kind.levels.rules if kind.levels else ()) if not rule.survives)
    return frozenset(id(part) for rule in rules for part in parts_of(rule.when) if tells_time(part))


def _plain(duty: Duty) -> tuple[tuple[Limit, ...], Who] | None:
    """Limits and owner of a duty of which nothing depends on how the case stands; None for any other."""
    limits, owner = duty.within.only, duty.owner.only
    hands_over = any(rule.hand_over for rule in duty.overdue)
    if duty.when or duty.whilst or duty.pauses or hands_over or not limits or owner is None:
        return None
    return limits, owner


def _reads_ahead(reads: Reads, worked_out: Set[str]) -> bool:
    """Whether a derived fact reads what is worked out or comes about after it."""
    return bool(reads.facts & worked_out) or any(noun != EVENT for noun, _, _ in reads.moments)


def _asked_by_code(kind: Kind) -> set[Key]:
    """Marks that rules ask for without naming a moment: a step counted, a duty made longer, a notice to be sent, what
    became of linked cases and of samples."""
    events = {step.event for step in kind.steps.values() if step.opening is not None or step.hands_over}
    extensions = [duty.extension for duty in kind.duties.values() if duty.extension is not None]
    events |= {rule.event for rule in extensions}
    needs = (need for guard in kind.guards.values() for need in guard.needs if need.kind is NeedKind.SENT)
    links = {(LINK, code, became) for code in kind.opens for became in LINKED}
    links |= {(DRAW, code, became) for code in kind.samples for became in DRAWS}
    sent = {(NOTICE, code, SENT) for need in needs for code in need.codes}
    return {(EVENT, event, "") for event in events} | set(map(extended_by, extensions)) | sent | links


def _own_facts(step: Step, kind: Kind, derived: Iterable[Fact]) -> frozenset[str]:
    """The facts that the step asks, may state or fills in by its forms, and those that follow from them."""
    own = {*kind.asked(step), *step.may_state}
    for fact in derived:
        if fact.derive is not None and own & set(table_reads(fact.derive)):
            own.add(fact.code)
    return frozenset(own)


def _told_samples(kind: Kind) -> dict[str, tuple[Sample, ...]]:
    told: dict[str, list[Sample]] = {}
    for sample in kind.samples.values():
        for event in dict.fromkeys(one for one in (sample.done, sample.given_up) if one is not None):
            told.setdefault(event, []).append(sample)
    return {event: tuple(samples) for event, samples in told.items()}


def _is_timed(step: Step, kind: Kind) -> bool:
    guards = (guard for guard in kind.guards.values() if step.code in guard.steps)
    if step.opening is not None or step.acts_on is not None:  # urging opens again after a while
        return True
    return any(_reads_time(rule) for rule in (step.by, *guards))


def _reads_time(rule: object) -> bool:
    return any(isinstance(part, StartIn) or tells_time(part) for part in parts_of(rule))


def _moves_by_itself(fact: Fact) -> bool:
    """Whether a derived fact looks back over a window, or reads the clock in its table."""
    return fact.derive is not None and (fact.derive.window is not None or _reads_time(fact.derive.table))


def _wrong_stage(step: Step, kind: Kind) -> Refusal:
    return Refusal(
        "stage", "", step.clauses, tuple(missing(kind, MissingKind.STAGE, code) for code in step.from_stages)
    )


def _is_late(part: object) -> bool:
    """Whether a derived fact reads what only comes about after facts are worked out."""
    if isinstance(part, Moment):
        return part.noun is not MomentNoun.EVENT
    return isinstance(part, LevelTest | StageTest)
