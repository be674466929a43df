"""What people do to an approval beside signing it: each act on the round and the link whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kesu.policy import events
from kesu.policy.events import NAMED_SIGNER, RETURN_TO, SIGN_PLACE, Event
from kesu.policy.model.approving import LinkMode, Staffing
from kesu.policy.model.rules import Approval, Link, Who
from kesu.policy.standing.facts import person_of, role_of
from kesu.policy.standing.rounds import Asked, LinkRun, Round, SignPlace


def named_signer(event: Event) -> Who | None:
    """Whom an act names."""
    members = event.facts.get(NAMED_SIGNER)
    if not isinstance(members, tuple) or not members:
        return None
    return Who(role_of(members[0]), person=person_of(members[0]) or None)


def link_named(word: object) -> int | None:
    """The index of the link that a word such as ``第 2 环`` means; None for the name of a stage."""
    text = str(word)
    middle = text.removeprefix("第 ").removesuffix(" 环")
    return int(middle) - 1 if middle != text and middle.isdecimal() else None


def act_on(found: Round, run: LinkRun, event: Event, approval: Approval) -> bool:
    """Carry out what an event says. Says whether it belongs to this version and link."""
    act = _ACTS.get(event.kind)
    return act is not None and act(found, run, event, approval)


def _place(run: LinkRun, event: Event) -> SignPlace | None:
    return run.place(str(event.facts.get(SIGN_PLACE, "")))


def _pass_on(_found: Round, run: LinkRun, event: Event, _approval: Approval) -> bool:
    place, who = _place(run, event), named_signer(event)
    if place is None or who is None:
        return False
    place.passed_by = (*place.passed_by, event.by or "")
    place.who, place.staffing = who, Staffing.SOMEBODY
    return True


def _add(found: Round, run: LinkRun, event: Event, offset: int) -> bool:
    who = named_signer(event)
    if who is None or _place(run, event) is None:
        return False
    added = LinkRun.of(f"{run.code}+{event.seq}", Link(LinkMode.ONE, (who,)), run.index, is_added=True)
    found.links.insert(found.links.index(run) + offset, added)
    if not offset and not run.is_touched:
        run.began_at = None  # its turn comes again
    return True


def _add_before(found: Round, run: LinkRun, event: Event, _approval: Approval) -> bool:
    return _add(found, run, event, 0)


def _add_after(found: Round, run: LinkRun, event: Event, _approval: Approval) -> bool:
    return _add(found, run, event, 1)


def _ask(_found: Round, run: LinkRun, event: Event, _approval: Approval) -> bool:
    place, who = _place(run, event), named_signer(event)
    if place is None or who is None:
        return False
    place.asked.append(Asked(who, event.by, event.at, event.seq))
    return True


def _advise(_found: Round, run: LinkRun, event: Event, _approval: Approval) -> bool:
    asked = (one for place in run.places for one in place.asked if asked_code(place, one) == event.facts[SIGN_PLACE])
    one = next((one for one in asked if one.answered_at is None), None)
    if one is None:
        return False
    one.answered_at = event.at
    return True


def asked_code(place: SignPlace, asked: Asked) -> str:
    """The code of a question, as events and obligations name it."""
    return f"{place.code}?{asked.seq}"


def _send_back(found: Round, run: LinkRun, event: Event, approval: Approval) -> bool:
    word = event.facts.get(f"{RETURN_TO}{approval.code}")
    index = link_named(word)
    if index is None or index >= run.index:
        return False
    found.begin_again(index, event.seq, event.at)
    return True


def _urge(found: Round, _run: LinkRun, event: Event, _approval: Approval) -> bool:
    found.urged_at, found.urged_seq = event.at, event.seq
    return True


_Act = Callable[[Round, LinkRun, Event, Approval], bool]
_ACTS: Final[Mapping[str, _Act]] = {
    events.APPROVAL_PASSED_ON: _pass_on,
    events.APPROVAL_ADDED_BEFORE: _add_before,
    events.APPROVAL_ADDED_AFTER: _add_after,
    events.APPROVAL_ASKED: _ask,
    events.APPROVAL_ADVISED: _advise,
    events.APPROVAL_SENT_BACK: _send_back,
    events.APPROVAL_URGED: _urge,
}
ACTS: Final = frozenset({*_ACTS, events.APPROVAL_TAKEN_BACK})
"""The kinds of events by which people act on an approval."""
