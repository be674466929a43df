"""Who can sign, as a scenario says it: a policy's scenarios know no people but those that they name."""

from __future__ import annotations

from collections.abc import Sequence

from kesu.policy.events import Event
from kesu.policy.model.approving import Staffing
from kesu.policy.scenarios.script import Act, Impossible
from kesu.policy.standing.results import ApprovalState, Standing
from kesu.policy.standing.staffing import Seat, staffed_event


def staffed_as_said(log: Sequence[Event], present: Standing, act: Act) -> Event:
    """The event by which the program would say whom it found. Raises `Impossible` where no such place waits."""
    state = next((one for one in reversed(present.approvals) if one.code == act.staffed), None)
    if state is None or state.current is None:
        raise Impossible(f"审批 {act.staffed} 这时没有等人签")
    waiting = [one.place for one in state.current.signatures if one.verdict is None and not one.is_left_out]
    place = act.sign_place or waiting[0]
    if place not in waiting:
        raise Impossible(f"审批 {act.staffed} 没有等着签的 {place}，现在等的是 {'、'.join(waiting)}")
    words = tuple(one.value for one in Staffing)
    if act.found not in words:
        raise Impossible(f"found 要写找到了谁：{'、'.join(words)}")
    found = Staffing(act.found)
    before = _last_signature(state) if found is Staffing.SIGNED else None
    return staffed_event(log, Seat(state, place, found, before), act.at)


def _last_signature(state: ApprovalState) -> int | None:
    return max((one.seq for link in state.links for one in link.signatures if one.seq is not None), default=None)
