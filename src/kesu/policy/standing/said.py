"""What a policy says to people at a moment: promises to whoever reported, guidance and locks to whoever works on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Guard, Guidance, NeedKind, Notice, Promise
from kesu.policy.standing.conditions import View, is_true
from kesu.policy.standing.results import Obligation, Standing
from kesu.policy.standing.walk import Walk
from kesu.policy.standing.walking import walked


def promises(kind: Kind, current: Standing) -> tuple[Promise, ...]:
    """The promises that hold for this case now, in the order of the pack."""
    return tuple(promise for promise in kind.promises.values() if is_true(promise.when, current.view))


def told_dues(notice: Notice, current: Standing) -> dict[str, datetime | None]:
    """Duty → when its newest obligation is due, of the duties whose limits the notice names."""
    newest = {owed.duty: owed.due_at for owed in current.obligations}
    return {duty: newest.get(duty) for duty in notice.dues}


def next_due(current: Standing, duty: str) -> Obligation | None:
    """Of the open obligations of a duty the one that is due first."""
    open_ones = [one for one in current.open_obligations if one.duty == duty and one.due_at is not None]
    return min(open_ones, key=lambda one: (one.due_at or one.starts_at, one.key), default=None)


def guidance(kind: Kind, log: Sequence[Event], step: str, now: datetime, calendar: Calendar) -> tuple[Guidance, ...]:
    """What is to be kept in mind at this step now."""
    spoken = [one for one in kind.guidance.values() if step in one.at]
    if not spoken:
        return ()
    view = walked(kind, log, now, calendar).view(now)
    return tuple(one for one in spoken if is_true(one.when, view))


def locks(current: Standing) -> tuple[Guard, ...]:
    """Guards that hold back what the customer is to be told until it is approved: of the steps of which a notice tells
    him. What they hold back must not be told by other ways either. None once the case is over."""
    return locking(current.walk, current.view)


def locking(walk: Walk, view: View) -> tuple[Guard, ...]:
    """The same, of a case as it is walked."""
    if walk.stages.is_final:
        return ()
    return tuple(
        guard
        for guard in answer_guards(walk.kind)
        if is_true(guard.when, view) and not all(walk.approvals.is_granted(code) for code in approvals_of(guard))
    )


def answer_guards(kind: Kind) -> tuple[Guard, ...]:
    """The guards that ask for approvals before a step of which a notice tells the customer."""
    telling = (notice for notice in kind.notices.values() if notice.may_reach(COMPLAINANT))
    told = {moment.subject for notice in telling for moment in notice.starts}
    return tuple(
        guard
        for guard in kind.guards.values()
        if approvals_of(guard) and any(kind.steps[code].event in told for code in guard.steps)
    )


def held_back(kind: Kind, guards: Sequence[Guard]) -> frozenset[str]:
    """The text facts that these guards keep from the customer: what is stated with the events that the approvals are
    about."""
    approvals = [kind.approvals[code] for guard in guards for code in approvals_of(guard)]
    events = {moment.subject for approval in approvals for moment in approval.of}
    steps = [step for step in kind.steps.values() if step.event in events]
    codes = {code for step in steps for code in (*kind.asked(step), *step.may_state)}
    return frozenset(code for code in codes if kind.facts[code].type is FactType.TEXT)


def approvals_of(guard: Guard) -> list[str]:
    """The approvals that a guard asks for."""
    return [code for need in guard.needs if need.kind is NeedKind.APPROVED for code in need.codes]
