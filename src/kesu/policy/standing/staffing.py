"""Who can sign: what the program must say of the places that wait, and the event by which it says so.

The engine knows slots; whoever knows who holds them compares what he found with what the log says, and states the
difference."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from kesu.policy.events import APPROVAL_STAFFED, FOUND, SIGN_PLACE, SIGN_ROUND, SIGNATURE, Event
from kesu.policy.lasting import lasting
from kesu.policy.model.approving import ApprovalConflict, LinkMode, SamePersonTwice, Staffing
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM, Approval, Who
from kesu.policy.standing.results import ApprovalState, ApprovalStatus, LinkState, Signature, Standing
from kesu.policy.standing.rounds import GRANTED

Holders = Callable[[Who], Collection[str] | None]
"""The persons who can act in a slot today, as events name them; None: nobody can know (the complainant, a unit that is
not named yet)."""

_KEPT_FROM_OWN = frozenset({ApprovalConflict.SKIP, ApprovalConflict.BLOCK})
_ONE_OF_THEM = frozenset({LinkMode.ONE.value, LinkMode.ANY.value})


@lasting
class Seat:
    """A place of which the log says something else than what was found. `signature`: of somebody who signed before."""

    state: ApprovalState
    place: str
    found: Staffing
    signature: int | None = None


def seats_found_otherwise(kind: Kind, current: Standing, holders: Holders) -> Iterator[Seat]:
    """The places whose turn it is and of which something new must be said, in the order of the chain."""
    for state in current.approvals:
        link = state.current
        if state.status is not ApprovalStatus.OPEN or link is None:
            continue
        approval = kind.approvals[state.code]
        for place in link.signatures:
            if place.verdict is not None or place.is_left_out:
                continue
            persons = holders(place.who)
            if persons is None:
                continue
            seat = _seat(approval, state, link, place, persons)
            if seat.found is not place.staffing:
                yield seat


def staffed_event(log: Sequence[Event], seat: Seat, at: datetime) -> Event:
    """The event by which the program says whom it found."""
    facts: dict[str, Value] = {
        "approval": seat.state.code,
        SIGN_PLACE: seat.place,
        SIGN_ROUND: seat.state.opened_seq,
        FOUND: seat.found.value,
    }
    if seat.signature is not None:
        facts[SIGNATURE] = seat.signature
    seq = max((event.seq for event in log), default=0) + 1
    return Event(seq, APPROVAL_STAFFED, at, at, role=SYSTEM, facts=facts)


def _seat(
    approval: Approval, state: ApprovalState, link: LinkState, place: Signature, persons: Collection[str]
) -> Seat:
    if _counts_again(approval.same_person, link):
        before = granted_before(state, persons)
        if before is not None:
            return Seat(state, place.place, Staffing.SIGNED, before)
    if not persons:
        return Seat(state, place.place, Staffing.NOBODY)
    if approval.conflict in _KEPT_FROM_OWN and state.authors.issuperset(persons):
        return Seat(state, place.place, Staffing.OWN)
    return Seat(state, place.place, Staffing.SOMEBODY)


def _counts_again(twice: SamePersonTwice, link: LinkState) -> bool:
    """Signing together is each for himself, unless the policy says that one signature is enough of one person there
    too."""
    is_one = link.mode in _ONE_OF_THEM
    return twice is SamePersonTwice.SKIP_TOGETHER or (twice is SamePersonTwice.SKIP and is_one)


def granted_before(state: ApprovalState, persons: Collection[str]) -> int | None:
    """The signature by which one of these has granted the present version."""
    given = (place for link in state.links for place in link.signatures)
    valid = (one for one in given if one.verdict == GRANTED and one.by in persons)
    return next((one.seq for one in valid if one.seq is not None and one.seq > state.again_seq), None)
