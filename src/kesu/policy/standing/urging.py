"""Steps that do something to an approval: whose they are, and when they may be taken."""

from __future__ import annotations

from datetime import datetime

from kesu.policy.calendar import deadline
from kesu.policy.model.approving import SignAct
from kesu.policy.model.approving import allowed as allowed_act
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import STARTER, Step, Who
from kesu.policy.standing.conditions import View, choose
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from kesu.policy.standing.rounds import Round
from kesu.policy.standing.walk import Walk


def takers_on_approval(step: Step, found: Round | None, kind: Kind, view: View) -> tuple[Who, ...]:
    """Whose the step is: those whose turn it is to sign, whoever was asked, or those who wrote what is signed."""
    current = found.current() if found is not None else None
    if found is None or current is None:
        return ()
    if step.acts_on is None:
        return current.waiting()
    if step.acts_on.act is SignAct.ADVISE:
        asked = (one for place in current.places if place.is_waiting for one in place.asked)
        return tuple(one.who for one in asked if one.answered_at is None)
    authors = found.authors(kind.approvals[found.code], view.facts)
    wrote = tuple(Who(STARTER, person=one) for one in sorted(authors))
    if step.acts_on.act is SignAct.TAKE_BACK:
        return wrote
    if step.acts_on.act is SignAct.URGE:
        return (*wrote, *(choose(step.by, view) or ()))
    return current.waiting()


def may_act(step: Step, found: Round, kind: Kind) -> bool:
    """Whether the approval allows the act, and it is not too late for it: what somebody has signed is not taken back,
    and before the first link there is none to be sent back to."""
    if step.acts_on is None:
        return True
    allowed, current = allowed_act(kind.approvals[found.code].allows, step.acts_on.act), found.current()
    if allowed is None or current is None:
        return False
    if step.acts_on.act is SignAct.TAKE_BACK:
        return all(place.signature is None for place in current.places)
    if step.acts_on.act is SignAct.SEND_BACK:
        return bool(allowed.stages) or current.index > 0
    return True


def urging_opens_at(step: Step, walk: Walk, view: View) -> datetime | None:
    """From when on those who sign may be asked again; None: now, or it is another step."""
    if step.acts_on is None or step.acts_on.act is not SignAct.URGE:
        return None
    code = step.acts_on.approval
    found, allowed = walk.approvals.latest(code), allowed_act(walk.kind.approvals[code].allows, SignAct.URGE)
    if found is None or found.urged_at is None or allowed is None or allowed.every is None:
        return None
    opens_at = deadline(view.calendar, found.urged_at, allowed.every).due_at
    return opens_at if opens_at > view.now else None


def urging_refusal(step: Step, walk: Walk, view: View) -> Refusal | None:
    """Why it is too early to urge again."""
    opens_at = urging_opens_at(step, walk, view)
    if opens_at is None:
        return None
    named = f"{view.calendar.local(opens_at):%Y-%m-%d %H:%M}"
    return Refusal("early", "", step.clauses, (Missing(MissingKind.OPENS, step.code, named),))
