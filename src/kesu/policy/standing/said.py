"""What a policy says to people at a moment: promises to whoever reported, guidance and locks to whoever works on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Guard, Guidance, NeedKind, Notice, Promise
from kesu.policy.standing.conditions import is_true
from kesu.policy.standing.results import Standing
from kesu.policy.standing.walk import walked


def promises(kind: Kind, current: Standing) -> tuple[Promise, ...]:
    """The promises that hold for this case now, in the order of the pack."""
    return tuple(promise for promise in kind.promises.values() if is_true(promise.when, current.view))


def told_dues(notice: Notice, current: Standing) -> dict[str, datetime | None]:
    """Duty → when its newest obligation is due, of the duties whose limits the notice names."""
    newest = {owed.duty: owed.due_at for owed in current.obligations}
    return {duty: newest.get(duty) for duty in notice.dues}


def guidance(kind: Kind, log: Sequence[Event], step: str, now: datetime, calendar: Calendar) -> tuple[Guidance, ...]:
    """What is to be kept in mind at this step now."""
    spoken = [one for one in kind.guidance.values() if step in one.at]
    if not spoken:
        return ()
    view = walked(kind, log, now, calendar).view(now)
    return tuple(one for one in spoken if is_true(one.when, view))


def locks(kind: Kind, current: Standing) -> tuple[Guard, ...]:
    """Guards that hold something back until it is approved: what they protect must not be told by other ways either."""
    asking = [guard for guard in kind.guards.values() if any(need.kind is NeedKind.APPROVED for need in guard.needs)]
    if not asking:
        return ()
    return tuple(
        guard
        for guard in asking
        if is_true(guard.when, current.view)
        and not all(current.walk.approvals.is_granted(code) for code in _approvals(guard))
    )


def _approvals(guard: Guard) -> list[str]:
    return [code for need in guard.needs if need.kind is NeedKind.APPROVED for code in need.codes]
