"""One of those named signs a proposed policy himself; with the last of them it is in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor, actor_of
from kesu.access.permissions import Permission
from kesu.access.proposals import proposal_for
from kesu.access.rights import rights_of
from kesu.casefile import house, overlays, proposals
from kesu.casefile.enacting import Enactment, enact, hindrances, stop_at
from kesu.casefile.overlays import Hindrance
from kesu.casefile.terms import begin_of
from kesu.core.errors import NotNow, Unacceptable
from kesu.store.models import PolicyProposal, ProposalSigner


@transaction.atomic
def sign_policy(*, actor: Actor, at: datetime, on: date, proposal_id: UUID, policy_hash: str) -> bool:
    """`policy_hash`: the digest of the text that he has read; `on`: today. The next in turn is told. Whether the policy
    is in force with it; signing twice is answered as done.

    Raises `NotFound`, `Forbidden` for who is not named, `NotNow` where the proposal is over or somebody else signs
    first, `Unacceptable` for another text, and, for the last one, with all that stands in the way of the policy by now:
    then his signature is not given either."""
    house.wait_turn()
    proposal = proposal_for(actor, proposal_id)
    signers = proposals.signers_of(proposal)
    own = proposals.own_of(signers, actor.account_id)
    if own.signed_at is None:
        proposals.require_open(proposal)
        if proposals.turn_of(signers) is not own:
            raise NotNow("not_your_turn")
        if policy_hash != proposal.hash:
            raise Unacceptable("another_text", data={"fields": {}, "refusals": ()})
        _sign(proposal, own, at)
        following = proposals.turn_of(signers)
        if following is None:
            _take_force(proposal, signers, actor, at, on)
        else:
            proposals.tell(proposal, following.account_id, proposals.TO_SIGN, at)
    end = proposals.end_of(proposal)
    return end is not None and end.how == proposals.Ending.IN_FORCE


def _sign(proposal: PolicyProposal, own: ProposalSigner, at: datetime) -> None:
    own.signed_at = at
    own.save(update_fields=["signed_at"])
    house.record(
        "policy.signed",
        at=at,
        by=own.account_id,
        subject=proposal.hash,
        name=str(proposal),
        after={
            "unit": proposal.unit.name,
            "signatures": [proposals.signed_line(own.slot, own.account.name)],
            "proposal": proposal.pk.hex,
        },
    )


def _take_force(
    proposal: PolicyProposal, signers: Sequence[ProposalSigner], actor: Actor, at: datetime, on: date
) -> None:
    """Everything that was checked when it was proposed is checked again: the house has moved on since."""
    pack = proposals.pack_of_proposal(proposal)
    calendar = proposals.hours_of(proposal).calendar(at.year)
    begins = begin_of(proposal.since, calendar) if proposal.since else at
    late: list[Hindrance] = [("day_passed", str(proposal.since), ())] if begins < at else []
    apart = overlays.hindrances(pack, proposal.unit, begins, calendar.local(begins).date())
    stop_at([*hindrances(pack, proposal.unit), *apart, *late, *_lost_right(proposal, on)], {})
    enact(
        Enactment(
            unit=proposal.unit,
            pack=pack,
            subject=proposal.subject,
            calendar=calendar,
            effective_from=begins,
            signed=[proposals.signed_line(one.slot, one.account.name) for one in signers],
            proposal=proposal,
        ),
        at=at,
        by=actor.account_id,
        decided_by=proposal.proposed_by_id,
        grants=rights_of(pack),
        more={"proposed_by": proposal.proposed_by.login, "proposal": proposal.pk.hex},
    )
    proposals.close(proposal, proposals.Ending.IN_FORCE, at=at, by=actor.account_id)


def _lost_right(proposal: PolicyProposal, on: date) -> Iterator[Hindrance]:
    """Signers do not adopt: the decision stays that of somebody who may."""
    proposer = proposal.proposed_by
    may = proposer.is_active and actor_of(proposer, on).may_at(Permission.POLICY_ADOPT, proposal.unit.path)
    if not may:
        yield "proposer_may_not", proposer.name, ()
