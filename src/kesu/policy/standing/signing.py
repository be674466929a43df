"""Signatures that are due: every link of an approval whose turn has come is an obligation of its signers."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.calendar import Calendar, deadline
from kesu.policy.model.rules import Approval, Severity, Who
from kesu.policy.standing.approvals import LinkRun, Round
from kesu.policy.standing.results import ApprovalStatus, Obligation, ObligationState
from kesu.policy.standing.walk import Walk


def signature_obligations(walk: Walk, calendar: Calendar) -> tuple[Obligation, ...]:
    """One obligation per signer and link, oldest round first. Without `each_within` it has no due instant."""
    steps = {step.signs: step.code for step in walk.kind.steps.values() if step.signs is not None}
    seen: set[str] = set()
    obligations: list[Obligation] = []
    for found in walk.approvals.rounds:
        approval = walk.kind.approvals[found.code]
        step = steps.get(found.code, f"sign_{found.code}")
        for index, run in sorted(found.links.items()):
            for place, who in enumerate(run.link.who) if run.began_at is not None else ():
                key = _key(found, index, place, run, seen)
                obligations.append(_obligation(key, who, place, run, found, approval, step, calendar))
    return tuple(obligations)


def _key(found: Round, index: int, place: int, run: LinkRun, seen: set[str]) -> str:
    link = f"{index + 1}" if len(run.link.who) == 1 else f"{index + 1}.{place + 1}"
    plain = f"{found.code}/{link}@{run.began_origin}"
    key = next(key for key in _numbered(plain) if key not in seen)
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
        step=step,
        approval=approval.code,
    )
