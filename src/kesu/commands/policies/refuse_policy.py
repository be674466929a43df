"""One of those named refuses to sign a proposed policy, and says why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.proposals import proposal_for
from kesu.casefile import house, proposals
from kesu.core.errors import NotNow
from kesu.store.models import ProposalEnd


@transaction.atomic
def refuse_policy(*, actor: Actor, at: datetime, proposal_id: UUID, reason: str) -> None:
    """Ends the proposal; its proposer is told. Refusing twice is answered as done. Raises `NotFound`, `Forbidden` for
    who is not named, `NotNow` where the proposal is over, he has signed, or somebody else signs first, `Unacceptable`
    without a reason."""
    house.wait_turn()
    proposal = proposal_for(actor, proposal_id)
    signers = proposals.signers_of(proposal)
    own = proposals.own_of(signers, actor.account_id)
    end = proposals.end_of(proposal)
    if end is not None and end.how == proposals.Ending.REFUSED and end.by_id == actor.account_id:
        return
    proposals.require_open(proposal)
    if proposals.turn_of(signers) is not own:
        raise NotNow("signed_already" if own.signed_at else "not_your_turn")
    house.check_texts(ProposalEnd, reason=reason)
    proposals.close(proposal, proposals.Ending.REFUSED, at=at, by=actor.account_id, reason=reason.strip())
    proposals.tell(proposal, proposal.proposed_by_id, proposals.REFUSED, at)
    house.record(
        "policy.refused",
        at=at,
        by=actor.account_id,
        subject=proposal.hash,
        name=str(proposal),
        after={
            "unit": proposal.unit.name,
            "to_sign": [proposals.signed_line(own.slot, own.account.name)],
            "reason": reason.strip(),
            "proposal": proposal.pk.hex,
        },
    )
