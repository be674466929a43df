"""Signatures that are due: every link of an approval whose turn has come is an obligation of its signers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kesu.policy.calendar import Calendar, deadline
from kesu.policy.lasting import lasting
from kesu.policy.model.rules import Approval, Severity, Who
from kesu.policy.standing.alarms import Alarms
from kesu.policy.standing.approvals import LinkRun, Round
from kesu.policy.standing.results import ApprovalStatus, Obligation, ObligationState
from kesu.policy.standing.walk import Walk


@lasting
class Signing:
    """One signature that is or was due."""

    obligation: Obligation
    approval: Approval
    calendar: Calendar

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
        )


def signings(walk: Walk) -> tuple[Signing, ...]:
    """One per signer and link whose turn came, oldest round first. Without `each_within` there is no due instant."""
    if not walk.approvals.rounds:
        return ()
    steps = walk.plan.signing_steps
    seen: set[str] = set()
    made: list[Signing] = []
    for found in walk.approvals.rounds:
        approval = walk.kind.approvals[found.code]
        step = steps.get(found.code, f"sign_{found.code}")
        for index, run in sorted(found.links.items()):
            for place, who in enumerate(run.link.who) if run.began_at is not None else ():
                key = _key(found, index, place, run, seen)
                obligation = _obligation(key, who, place, run, found, approval, step, walk.calendar)
                made.append(Signing(obligation, approval, walk.calendar))
    return tuple(made)


def _key(found: Round, index: int, place: int, run: LinkRun, seen: set[str]) -> str:
    link = f"{index + 1}" if len(run.link.who) == 1 else f"{index + 1}.{place + 1}"
    key = next(key for key in _numbered(f"{found.code}/{link}@{run.began_origin}") if key not in seen)
    seen.add(key)
    return key


def _numbered(plain: str) -> Iterator[str]:
    yield plain
    nth = 2
    while True:
        yield f"{plain}.{nth}"
        nth += 1


def _obligation(
    key: str,
    who: Who,
    place: int,
    run: LinkRun,
    found: Round,
    approval: Approval,
    step: str,
    calendar: Calendar,
) -> Obligation:
    assert run.began_at is not None
    signature = run.signatures.get(place)
    due = deadline(calendar, run.began_at, approval.each_within) if approval.each_within else None
    state = ObligationState.OPEN
    if signature is not None:
        state = ObligationState.MET
    elif run.is_done or found.status is not ApprovalStatus.OPEN:
        state = ObligationState.LAPSED
    return Obligation(
        key=key,
        duty=approval.code,
        name=approval.name,
        owner=who,
        starts_at=run.began_at,
        started_seq=run.began_seq,
        due_at=due.due_at if due else None,
        state=state,
        clauses=approval.clauses,
        severity=Severity.HARD,
        receipt=due.receipt if due else None,
        met_at=signature.at if signature else None,
        ended_at=None if state is ObligationState.OPEN else (signature and signature.at) or _lapsed_at(run, found),
        step=step,
        approval=approval.code,
    )


def _lapsed_at(run: LinkRun, found: Round) -> datetime | None:
    """When the signature was no longer needed: another one sufficed, or the round ended."""
    signed = [signature.at for signature in run.signatures.values() if signature.at is not None]
    return max(signed) if run.is_done and signed else found.closed_at
