"""The way to a proposed policy: for those who are to sign it, and for those who may put policies in force there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.proposals import Ending
from kesu.core.errors import Forbidden, NotFound
from kesu.store.models import Adoption, OverlayAdoption, PolicyProposal, ProposalSigner


def proposal_for(actor: Actor, proposal_id: UUID) -> PolicyProposal:
    """To read and to sign. Raises `NotFound` for none, and for one of a place whose policies the actor may not read;
    `Forbidden` where he may read policies but neither signs nor adopts."""
    proposal = PolicyProposal.objects.select_related("unit", "proposed_by").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound
    path = proposal.unit.path
    if actor.may_at(Permission.POLICY_ADOPT, path) or proposal.signers.filter(account_id=actor.account_id).exists():
        return proposal
    if actor.may_at(Permission.POLICY_READ, path):
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    raise NotFound


def proposal_to_lead(actor: Actor, proposal_id: UUID) -> PolicyProposal:
    """To withdraw it or to name somebody else: for whoever may adopt there, its proposer or not. Raises `NotFound` and
    `Forbidden`, also for who only signs."""
    proposal = proposal_for(actor, proposal_id)
    if not actor.may_at(Permission.POLICY_ADOPT, proposal.unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    return proposal


def proposals_seen_by(actor: Actor) -> QuerySet[PolicyProposal]:
    """Those that he signs, and all of the places where he may adopt."""
    within = Q(Exists(ProposalSigner.objects.filter(proposal=OuterRef("pk"), account_id=actor.account_id)))
    for path in actor.reach(Permission.POLICY_ADOPT):
        within |= Q(unit__path__startswith=path)
    return PolicyProposal.objects.filter(within)


def waiting() -> QuerySet[ProposalSigner]:
    """Signers of open proposals whose turn it is: everybody before them has signed."""
    before = ProposalSigner.objects.filter(
        proposal=OuterRef("proposal"), position__lt=OuterRef("position"), signed_at=None
    )
    return ProposalSigner.objects.filter(~Exists(before), signed_at=None, proposal__end=None)


def taken_back() -> Q:
    """Of proposals: those that everybody signed, but what they put in force for a later day was withdrawn before it."""
    lies_on = OverlayAdoption.objects.filter(unit=OuterRef("unit"), policy_version__hash=OuterRef("hash"))
    serves = Adoption.objects.filter(proposal=OuterRef("pk"))
    return Q(Q(end__how=Ending.IN_FORCE), ~Exists(serves), ~Exists(lies_on))
