"""Everything that speaks against taking a step with certain values at a certain time, said at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kesu.policy.events import LEVEL_LOWERED, LEVEL_RAISED, NAMED_SIGNER, RETURN_TO, Event
from kesu.policy.model.approving import ActsOn, ApprovalConflict, SignAct
from kesu.policy.model.approving import allowed as allowed_act
from kesu.policy.model.facts import STATED, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import (
    SYSTEM,
    VERDICT_GRANTED,
    VERDICT_REFUSED,
    WORLD,
    GuardMode,
    NeedKind,
    Step,
)
from kesu.policy.standing.acts import asked_code, link_named
from kesu.policy.standing.asked import is_asked
from kesu.policy.standing.conditions import View
from kesu.policy.standing.derived import derive_all
from kesu.policy.standing.facts import person_of, role_of
from kesu.policy.standing.guards import Sight, refusal_of
from kesu.policy.standing.handing_over import handing_over_refusals
from kesu.policy.standing.joining import with_additions
from kesu.policy.standing.naming import missing
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from kesu.policy.standing.rounds import GRANTED, REFUSED
from kesu.policy.standing.samples import sample_refusals
from kesu.policy.standing.separations import naming_refusals, separation_refusals
from kesu.policy.standing.steps import stage_refusal, takers_of, window_of
from kesu.policy.standing.takers import Taker, acts_as, held_slot, may_state
from kesu.policy.standing.urging import urging_refusal
from kesu.policy.standing.walk import Walk
from kesu.policy.values import fits

GUARD_REASON: Final = "guard_reason"
VERDICT: Final = "verdict"
OPINION: Final = "opinion"
TO_LEVEL: Final = "to_level"
RAISED_TO: Final = "raised_to"
LEVEL_TARGETS: Final = {LEVEL_LOWERED: TO_LEVEL, LEVEL_RAISED: RAISED_TO}
"""What a step that moves the level by hand asks for."""
_VERDICTS: Final = {VERDICT_GRANTED: GRANTED, VERDICT_REFUSED: REFUSED}


class StepRefused(Exception):
    """The step may not be taken: every reason, with clauses."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        self.refusals = refusals
        super().__init__(", ".join(refusal.code for refusal in refusals))


@dataclass(frozen=True, slots=True)
class Trial:
    """A step tried on the walk of a log: the values stated with it and the case as it would look with them."""

    step: Step
    walk: Walk
    view: View
    stated: Mapping[str, Value]

    @property
    def before(self) -> View:
        """The case as it looks without them, for the same value where something is kept apart."""
        seen = self.walk.view(self.view.now)
        return seen if self.view.about is None else seen.of(self.view.about)

    @classmethod
    def of(cls, step: Step, walk: Walk, at: datetime, stated: Mapping[str, Value], taker: str | None = None) -> Trial:
        """The trial of `step` at `at`; `walk` has been run up to `at`. `taker`: who takes it, where that is known."""
        known = {code: value for code, value in stated.items() if code in walk.kind.facts}
        before = walk.view(at)
        before.taker = taker
        view = before.but(derive_all(walk.plan.derived, before.but({**walk.ledger.stated, **known})))
        found, per = view.but(with_additions(walk.plan.additions, view)), walk.plan.apart.steps.get(step.code)
        if per is None:
            return cls(step, walk, found, stated)
        seen = found.of((per, known.get(per)))
        return cls(step, walk, seen.but({**seen.facts, **known}), stated)


def as_logged(kind: Kind, step: Step, stated: Mapping[str, Value]) -> dict[str, Value]:
    """The values as the log keeps them: a verdict in the engine's word, with the approval that is signed; a code that
    the program draws is stated with the step that asks for it."""
    facts = {**stated, **{code: STATED for code in step.asks if code in kind.facts and kind.facts[code].drawn}}
    if step.approval is not None:
        facts["approval"] = step.approval
    if step.signs is not None:
        verdict = facts.get(VERDICT)
        if isinstance(verdict, str) and verdict in _VERDICTS:
            facts[VERDICT] = _VERDICTS[verdict]
    return facts


def refusals_of(trial: Trial) -> Iterator[Refusal]:
    """Reasons that do not depend on the person: stage, window, values, guards."""
    stage = stage_refusal(trial.step, trial.walk)
    if stage is not None:
        yield stage
    window = window_of(trial.step, trial.view).refusal or urging_refusal(trial.step, trial.walk, trial.view)
    if window is not None:
        yield window
    lacking = tuple(_values(trial))
    if lacking:
        yield Refusal("value", "", trial.step.clauses, lacking)
    yield from sample_refusals(trial.step, trial.walk.samples, trial.walk.kind, trial.stated)
    yield from handing_over_refusals(trial.step, trial.walk, trial.view)
    yield from naming_refusals(trial.walk.kind, trial.step, trial.stated, trial.view.facts)
    yield from _guards(trial)


def taker_refusals(trial: Trial, taker: Taker) -> Iterator[Refusal]:
    """Reasons that lie in the person: not his step, not his fact to state, his own work to sign."""
    step, kind = trial.step, trial.walk.kind
    before = trial.before
    if role_of_taker(trial, taker) is None and (step.approval is None or stage_refusal(step, trial.walk) is None):
        roles = dict.fromkeys(who.group or who.role for who in takers_of(step, trial.walk, before))
        yield Refusal("role", "", step.clauses, tuple(missing(kind, MissingKind.ROLE, role) for role in roles))
    if not taker.roles & {SYSTEM, WORLD}:
        for code in trial.stated:
            fact = kind.facts.get(code)
            if fact is not None and not may_state(fact, step, taker):
                lacking = tuple(missing(kind, MissingKind.ROLE, role) for role in fact.by)
                yield Refusal("role", "", fact.clauses, (*lacking, missing(kind, MissingKind.FACT, code)))
    yield from separation_refusals(kind, step, taker, trial.view.facts if step.starts_case else before.facts)
    conflict = _conflict(trial, taker)
    if conflict is not None:
        yield conflict


def role_of_taker(trial: Trial, taker: Taker) -> str | None:
    """The slot in which the taker takes the step; None when it is not his. A case that follows from another one is
    opened by the program, whoever may open one otherwise."""
    if trial.step.starts_case and SYSTEM in taker.roles:
        return SYSTEM
    before = trial.before
    whos = takers_of(trial.step, trial.walk, before)
    for who in whos:
        role = acts_as(taker, who, before.facts)
        if role is not None:
            # Of several units one is meant; of several persons each is himself, whatever he holds by now.
            is_twice = sum(other.role == who.role for other in whos) > 1 and who.group is None and who.person is None
            return held_slot(taker, who, before.facts) if is_twice else role
    return None


def may_be_one_of_many(step: Step, kind: Kind) -> bool:
    """Whether a signature asks no more than a verdict, and the policy does not want each given by itself."""
    is_plain = step.signs is not None and set(step.asks) <= {VERDICT} and not step.forms
    return is_plain and not kind.approvals[step.signs or ""].alone


def place_of_taker(trial: Trial, taker: Taker) -> str | None:
    """The place that the taker signs, where it is a person's own: he may have someone sign in his stead, and others
    may be in the same slot. Of every other act the place, or the question that he answers."""
    step = trial.step
    found = trial.walk.approvals.latest(step.approval) if step.approval is not None else None
    current = found.current() if found is not None else None
    facts = trial.walk.view(trial.view.now).facts
    for place in current.places if current is not None else ():
        if step.acts_on is not None and step.acts_on.act is SignAct.ADVISE:
            open_ones = (one for one in place.asked if one.answered_at is None)
            mine = next((one for one in open_ones if acts_as(taker, one.who, facts) is not None), None)
            if mine is not None:
                return asked_code(place, mine)
        elif place.is_waiting and acts_as(taker, place.who, facts) is not None:
            return place.code if place.who.person is not None or step.acts_on is not None else None
    return None


def time_refusals(
    step: Step, walk: Walk, first: Event | None, at: datetime, recorded_at: datetime
) -> Iterator[Refusal]:
    """Reasons that lie in the stated time."""
    too_far = recorded_at - at > timedelta(days=walk.kind.backdate_days)
    before_case = first is not None and at < first.at
    if at > recorded_at or too_far or before_case:
        yield Refusal("time", "", step.clauses, (Missing(MissingKind.TIME, step.code, step.name),))


def _values(trial: Trial) -> Iterator[Missing]:
    """Missing and unusable values, each once."""
    step, kind = trial.step, trial.walk.kind
    allowed = _allowed(trial)
    for code, value in trial.stated.items():
        if code not in allowed or not _is_usable(code, value, trial) or not _is_asked(code, trial):
            yield missing(kind, MissingKind.VALUE, code)
    for code in step.asks:
        fact = kind.facts.get(code)
        is_owed = fact is None or (fact.default is None and is_asked(fact, trial.view.facts))
        if trial.stated.get(code) in {None, ()} and is_owed:
            yield missing(kind, MissingKind.FACT, code)
    for code in _form_fields(step, trial.walk):
        if code not in step.asks and trial.view.facts.get(code) in {None, ()} and _is_asked(code, trial):
            yield missing(kind, MissingKind.FACT, code)
    if step.signs is not None:
        yield from _signature_values(trial)
    if step.acts_on is not None:
        yield from _act_values(trial, step.acts_on)
    target = LEVEL_TARGETS.get(step.event)
    if target is not None and trial.stated.get(target) not in reachable_levels(step, kind, trial.view.level):
        yield missing(kind, MissingKind.LEVEL, str(trial.stated.get(target, target)))


def _is_asked(code: str, trial: Trial) -> bool:
    fact = trial.walk.kind.facts.get(code)
    return fact is None or is_asked(fact, trial.view.facts)


def _signature_values(trial: Trial) -> Iterator[Missing]:
    kind = trial.walk.kind
    verdict = trial.stated.get(VERDICT)
    if verdict not in {GRANTED, REFUSED}:
        if VERDICT not in trial.step.asks:
            yield missing(kind, MissingKind.FACT, VERDICT)
    elif verdict == REFUSED and trial.stated.get(OPINION) in {None, ()}:
        yield missing(kind, MissingKind.FACT, OPINION)


def _act_values(trial: Trial, on: ActsOn) -> Iterator[Missing]:
    """One person is named, in a role that the policy allows, who has not the turn already and wrote none of it; an
    earlier link is named, or a stage that is allowed."""
    kind, found = trial.walk.kind, trial.walk.approvals.latest(on.approval)
    approval = kind.approvals[on.approval]
    allowed, current = allowed_act(approval.allows, on.act), found.current() if found is not None else None
    if found is None or current is None or allowed is None:
        return
    if on.act.names_somebody:
        members = trial.stated.get(NAMED_SIGNER)
        named = members if isinstance(members, tuple) else ()
        persons = {*(who.person for who in current.waiting()), trial.view.taker}
        wrote = () if on.act is SignAct.ASK else found.authors(approval, trial.view.facts)
        is_one = len(named) == 1 and person_of(named[0]) and (not allowed.to or role_of(named[0]) in allowed.to)
        if named and (not is_one or person_of(named[0]) in {*persons, *wrote}):
            yield missing(kind, MissingKind.VALUE, NAMED_SIGNER)
    if on.act is SignAct.SEND_BACK:
        code = f"{RETURN_TO}{approval.code}"
        word = trial.stated.get(code)
        index = link_named(word)
        if word is not None and word not in dict(allowed.stages) and (index is None or index >= current.index):
            yield missing(kind, MissingKind.VALUE, code)


def reachable_levels(step: Step, kind: Kind, level: str | None) -> tuple[str, ...]:
    """The codes to which a step that moves the level by hand may move it from `level`, lowest first."""
    codes = [one.code for one in kind.levels.order] if kind.levels is not None else []
    if level is None:
        return ()
    at = codes.index(level)
    return tuple(codes[:at] if step.event == LEVEL_LOWERED else codes[at + 1 :])


def _form_fields(step: Step, walk: Walk) -> Iterator[str]:
    for form in step.forms:
        document = walk.kind.documents.get(form)
        for code in document.fields if document else ():
            fact = walk.kind.facts.get(code)
            if fact is not None and fact.derive is None:
                yield code


def _allowed(trial: Trial) -> frozenset[str]:
    """What may be stated with the step: its own facts, its forms' fields, and what its guards ask for."""
    step, walk = trial.step, trial.walk
    allowed = {*step.asks, *step.may_state, *_form_fields(step, walk), GUARD_REASON}
    for guard in walk.plan.step_guards[step.code]:
        for need in guard.needs:
            if need.kind in {NeedKind.FACTS, NeedKind.EVIDENCE}:
                allowed.update(need.codes)
            if need.kind is NeedKind.PEOPLE and need.group is not None:
                allowed.add(need.group)
    if step.approval is not None:
        allowed.add("approval")
    if step.signs is not None:
        allowed.update((VERDICT, OPINION))
    if step.event in LEVEL_TARGETS:
        allowed.add(LEVEL_TARGETS[step.event])
    return frozenset(allowed)


def _is_usable(code: str, value: Value, trial: Trial) -> bool:
    if code == VERDICT and trial.step.signs is not None:
        return value in {GRANTED, REFUSED}
    if code in LEVEL_TARGETS.values() or (code == "approval" and trial.step.approval is not None):
        return isinstance(value, str)
    if code == GUARD_REASON and code not in trial.walk.kind.facts:
        return value == STATED
    fact = trial.walk.kind.facts.get(code)
    return fact is not None and (value == () or fits(fact, value))


def _guards(trial: Trial) -> Iterator[Refusal]:
    step, walk = trial.step, trial.walk
    files = dict(walk.ledger.files)
    for code, value in trial.stated.items():
        fact = walk.kind.facts.get(code)
        if fact is not None and fact.type is FactType.FILE and isinstance(value, int):
            files[code] = files.get(code, 0) + int(value)
    documents = {*walk.ledger.documents, *step.forms}
    sight = Sight(walk, trial.view, documents, files)
    for guard in walk.plan.step_guards[step.code]:
        refusal = refusal_of(guard, sight)
        if refusal is None or (guard.mode is GuardMode.REASON and trial.stated.get(GUARD_REASON) == STATED):
            continue
        yield refusal


def _conflict(trial: Trial, taker: Taker) -> Refusal | None:
    """Whether the signer would sign what he wrote himself, or choose who does."""
    step, walk = trial.step, trial.walk
    code = step.signs or (step.acts_on.approval if step.acts_on and step.acts_on.act.is_a_signers else None)
    if code is None or taker.by is None:
        return None
    approval, found = walk.kind.approvals[code], walk.approvals.latest(code)
    if found is None or approval.conflict is ApprovalConflict.OFF:
        return None
    if taker.by not in found.authors(approval, trial.view.facts):
        return None
    mode = GuardMode.WARN if approval.conflict is ApprovalConflict.WARN else GuardMode.BLOCK
    lacking = missing(walk.kind, MissingKind.CONFLICT, approval.code)
    return Refusal("conflict", "", approval.clauses, (lacking,), mode)
