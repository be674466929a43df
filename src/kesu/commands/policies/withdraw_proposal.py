"""A proposed policy is taken back before all have signed it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.proposals import proposal_to_lead
from kesu.casefile import house, proposals


@transaction.atomic
def withdraw_proposal(*, actor: Actor, at: datetime, proposal_id: UUID) -> None:
    """Withdrawing twice is answered as done. Raises `NotFound`, `Forbidden`, and `NotNow` for one that was refused or
    is in force."""
    house.wait_turn()
    proposal = proposal_to_lead(actor, proposal_id)
    end = proposals.end_of(proposal)
    if end is not None and end.how == proposals.Ending.WITHDRAWN:
        return
    proposals.require_open(proposal)
    proposals.close(proposal, proposals.Ending.WITHDRAWN, at=at, by=actor.account_id)
    house.record(
        "proposal.withdrawn",
        at=at,
        by=actor.account_id,
        subject=proposal.hash,
        name=str(proposal),
        before={"unit": proposal.unit.name, "proposal": proposal.pk.hex},
    )
