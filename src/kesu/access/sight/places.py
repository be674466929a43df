"""What an event of the log says of one place in a chain of signatures."""

from __future__ import annotations

from kesu.access.sight.reading import CaseRead
from kesu.policy.events import APPROVAL_SIGNED, APPROVAL_STAFFED, FOUND, SIGN_PLACE, SIGN_ROUND, Event


def verdict_of(event: Event) -> str:
    """What was said of a place in a chain of signatures: by its signer, or by the program of who can sign it."""
    code = {APPROVAL_SIGNED: "verdict", APPROVAL_STAFFED: FOUND}.get(event.kind)
    return str(event.facts.get(code, "")) if code is not None else ""


def signer_of(read: CaseRead, event: Event) -> str:
    """The slot at the place that an event of an approval is about; empty when the chain is another one since."""
    code, seq = event.facts.get("approval"), event.facts.get(SIGN_ROUND)
    rounds = (state for state in read.current.approvals if state.code == code and state.opened_seq == seq)
    places = (place for state in rounds for link in state.links for place in link.signatures)
    found = next((place.who for place in places if place.place == event.facts.get(SIGN_PLACE)), None)
    return (read.role_name(found.role) or read.who(found)) if found is not None else ""
