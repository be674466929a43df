"""Signatures that are due: every link of an approval whose turn has come is an obligation of its signers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

from kesu.policy.calendar import Calendar, Duration, even_receipt
from kesu.policy.lasting import lasting
from kesu.policy.model.approving import SignAct, Staffing
from kesu.policy.model.limits import Limit
from kesu.policy.model.rules import Approval, Severity, Who
from kesu.policy.standing.acts import asked_code
from kesu.policy.standing.alarms import Alarms
from kesu.policy.standing.grounds import Earlier, Grounds, History, Moved
from kesu.policy.standing.hours import hours_of
from kesu.policy.standing.results import ApprovalStatus, Effect, EffectKind, Obligation, ObligationState
from kesu.policy.standing.rounds import Asked, LinkRun, Round, SignPlace
from kesu.policy.standing.strata import Ruled, untaken
from kesu.policy.standing.terms import moved_receipt
from kesu.policy.standing.walk import Walk


@lasting
class Signing:
    """One signature that is or was due."""

    obligation: Obligation
    approval: Approval
    calendar: Calendar
    since: datetime | None = None  # since when other rules count than at its start

    def alarms(self) -> Alarms:
        """Its reminders and escalations."""
        owed, approval = self.obligation, self.approval
        return Alarms(
            key=owed.key,
            code=approval.code,
            owner=owed.owner,
            clauses=approval.clauses,
            remind=approval.remind,
            overdue=approval.overdue,
            starts_at=owed.starts_at,
            length=approval.each_within,
            due_at=owed.due_at,
            is_running=owed.is_open,
            closed_at=owed.ended_at,
            calendar=self.calendar,
            since=self.since,
        )


def signings(walk: Walk) -> tuple[Signing, ...]:
    """One per signer and link whose turn came, oldest round first. Without `each_within` there is no due instant."""
    if not walk.approvals.rounds:
        return ()
    steps = walk.plan.signing_steps
    seen: set[str] = set()
    made: list[Signing] = []
    for found in walk.approvals.rounds:
        approval = walk.approvals.rule(found.code)
        step = steps.get(found.code, f"sign_{found.code}")
        for run in (*found.before, *found.links):
            for place in run.places if run.began_at is not None else ():
                key = untaken(f"{found.code}/{place.code}@{run.began_origin}", seen)
                obligation = _obligation(key, place, run, found, approval, step, walk)
                ended_at = obligation.ended_at
                calendar = hours_of(place.who, walk.calendar if ended_at is None else walk.ruled_at(ended_at).calendar)
                made.append(Signing(obligation, approval, calendar, walk.renewed_since(obligation.starts_at)))
    return tuple(made)


def advices(walk: Walk) -> Iterator[Obligation]:
    """One per person whose opinion a signer asked for: to be given until the place is signed."""
    for found in walk.approvals.rounds:
        approval = walk.approvals.rule(found.code)
        for run in (*found.before, *found.links):
            for place in run.places:
                yield from (_advice(found, approval, run, place, asked) for asked in place.asked)


def _advice(found: Round, approval: Approval, run: LinkRun, place: SignPlace, asked: Asked) -> Obligation:
    state, ended_at = ObligationState.OPEN, asked.answered_at
    if asked.answered_at is not None:
        state = ObligationState.MET
    elif not _is_waiting(place, run, found):
        state, ended_at = ObligationState.LAPSED, place.ended_at or run.again_at or found.closed_at
    return Obligation(
        key=f"{found.code}/{asked_code(place, asked)}@{asked.seq}",
        duty=approval.code,
        name=f"答复征询：{approval.name}",
        owner=asked.who,
        starts_at=asked.at,
        started_seq=asked.seq,
        due_at=None,
        state=state,
        clauses=approval.clauses,
        severity=Severity.PROMPT,
        receipt=None,
        met_at=asked.answered_at,
        ended_at=ended_at,
        step=f"{SignAct.ADVISE.value}_{approval.code}",
        approval=approval.code,
    )


def urgings(walk: Walk, signed: Sequence[Signing]) -> Iterator[Effect]:
    """Those who have still to sign are asked to, once for each time that somebody urged them."""
    for found in walk.approvals.rounds:
        if found.urged_at is None or not found.is_open:
            continue
        due = [one.obligation for one in signed if one.obligation.approval == found.code and one.obligation.is_open]
        if due:
            yield Effect(
                key=f"{found.code}/urged@{found.urged_seq}",
                kind=EffectKind.REMINDER,
                code=found.code,
                at=found.urged_at,
                to=tuple(one.owner for one in due),
                clauses=walk.kind.approvals[found.code].clauses,
                obligation=due[0].key,
            )


def _obligation(
    key: str,
    place: SignPlace,
    run: LinkRun,
    found: Round,
    approval: Approval,
    step: str,
    walk: Walk,
) -> Obligation:
    assert run.began_at is not None
    signature = place.signature
    state = ObligationState.OPEN
    if signature is not None:
        state = ObligationState.MET
    elif run.is_done or not _is_waiting(place, run, found):
        state = ObligationState.LAPSED
    ended_at = None if state is ObligationState.OPEN else place.ended_at or _lapsed_at(run, found)
    due, earlier = _due(walk, found.code, place.who, run.began_at, ended_at)
    return Obligation(
        key=key,
        duty=approval.code,
        name=approval.name,
        owner=place.who,
        starts_at=run.began_at,
        started_seq=run.began_seq,
        due_at=due.due_at if due else None,
        state=state,
        clauses=approval.clauses,
        severity=Severity.HARD,
        receipt=due.receipt if due else None,
        grounds=due,
        history=History((), (), earlier) if earlier else None,
        met_at=signature.at if signature else None,
        ended_at=ended_at,
        step=step,
        approval=approval.code,
        staffing=place.staffing if run.again_at is None and run.is_stuck_at(place) else Staffing.SOMEBODY,
    )


def _due(
    walk: Walk, code: str, who: Who, start: datetime, ended_at: datetime | None
) -> tuple[Grounds | None, tuple[Earlier, ...]]:
    """By the hours of whoever signs and the rules that counted in the end, and what was promised by those before them.
    Nobody is late by such a change who was not: what would be over by it stays due as it was promised, and a limit that
    there was not yet runs from then on."""
    if not walk.earlier:  # as nearly always
        return _grounds(start, code, who, walk.ruled_at(start)), ()
    earlier: list[Earlier] = []
    found = _grounds(start, code, who, walk.ruled_at(start))
    for before, after in pairwise((*walk.earlier, Ruled(start, walk.calendar, walk.kind))):
        changed_at = before.until
        if changed_at <= start or (ended_at is not None and ended_at < changed_at):
            continue
        was = found
        found = _grounds(changed_at if was is None else start, code, who, after, was.floor if was is not None else None)
        if was is not None and found is not None and found.due_at and found.due_at < changed_at:
            found = _grounds(start, code, who, after, was.due_at)
        if was is not None and (found is None or found.due_at != was.due_at):
            why = Moved.CALENDAR if before.kind is after.kind else Moved.POLICY
            earlier.append(Earlier(was, changed_at, why))
    return found, tuple(earlier)


def _grounds(start: datetime, code: str, who: Who, ruled: Ruled, floor: datetime | None = None) -> Grounds | None:
    approval = ruled.kind.approvals.get(code)
    length = approval.each_within if approval is not None else None
    if length is None:
        return None
    receipt = even_receipt(hours_of(who, ruled.calendar), start.astimezone(UTC), length)
    if floor is not None and receipt.due_at < floor:
        receipt = moved_receipt(receipt, floor)
    return Grounds(start, _alone(length), (), (), (), None, floor, receipt)


@cache
def _alone(length: Duration) -> tuple[Limit, ...]:
    """The only limit of whoever signs, made once."""
    return (Limit(length),)


def _lapsed_at(run: LinkRun, found: Round) -> datetime | None:
    """When the signature was no longer needed: another one sufficed, it was sent back, or the round ended."""
    ended = [place.ended_at for place in run.places if place.ended_at is not None]
    return max(ended) if run.is_done and ended else run.again_at or found.closed_at


def _is_waiting(place: SignPlace, run: LinkRun, found: Round) -> bool:
    return place.is_waiting and run.again_at is None and found.status is ApprovalStatus.OPEN
