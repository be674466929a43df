"""Who signed for a policy where it was adopted, and when: each for himself, or written down by the installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.store.models import Adoption, PolicyProposal, ProposalSigner


@dataclass(frozen=True, slots=True)
class Signature:
    """`at` None: not signed in a session of his own."""

    slot: str
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Signing:
    """`proposed_by` is empty and `proposed_at` None where the installation adopted it under these names."""

    signatures: tuple[Signature, ...]
    proposed_by: str
    proposed_at: datetime | None


def signings_of(adoptions: Iterable[Adoption]) -> dict[UUID, Signing]:
    """By adoption, each with its policy. Two queries where any of them was proposed. The names are those that were
    signed with; an adoption of before they stood with it has those of its policy."""
    rows = list(adoptions)
    wanted = {row.proposal_id for row in rows if row.proposal_id}
    proposals = (
        PolicyProposal.objects.select_related("proposed_by").defer("canonical").in_bulk(wanted) if wanted else {}
    )
    times: dict[tuple[UUID, str], datetime | None] = {}
    if wanted:
        signed = ProposalSigner.objects.filter(proposal_id__in=wanted)
        times = {(proposal, slot): at for proposal, slot, at in signed.values_list("proposal_id", "slot", "signed_at")}
    return {row.pk: _signing(row, proposals.get(row.proposal_id) if row.proposal_id else None, times) for row in rows}


def _signing(row: Adoption, proposal: PolicyProposal | None, times: dict[tuple[UUID, str], datetime | None]) -> Signing:
    lines = [str(one).partition(": ") for one in row.signatures or row.policy_version.signatures]
    signatures = tuple(
        Signature(slot, name, times.get((proposal.pk, slot)) if proposal else None) for slot, _colon, name in lines
    )
    if proposal is None:
        return Signing(signatures, "", None)
    return Signing(signatures, proposal.proposed_by.name, proposal.proposed_at)
