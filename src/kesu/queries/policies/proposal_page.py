"""One proposed policy as its signers and its proposer read it, and how far its signatures are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.house import PersonChoice, people_about
from kesu.access.permissions import Permission
from kesu.access.policy_reading import PolicyReading, read_policy
from kesu.access.proposals import proposal_for, taken_back
from kesu.casefile import proposals
from kesu.store.models import Absence, PolicyProposal, ProposalSigner


@dataclass(frozen=True, slots=True)
class SignerLine:
    """`deputy`: who stands in for him today, who does not sign for him; `is_there`: his account is open."""

    slot: str
    name: str
    signed_at: datetime | None
    is_turn: bool
    is_reader: bool
    is_there: bool
    deputy: str


@dataclass(frozen=True, slots=True)
class Ended:
    """`how`: in_force, refused or withdrawn; `is_taken_back`: signed, and withdrawn before its day came."""

    how: str
    at: datetime
    by: str
    reason: str
    is_taken_back: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """`since` None: from the last signature on. `may_lead`: the reader may withdraw it and name others, of `people`;
    `may_sign`: it is his turn; `may_read`: he may read what is in force, too."""

    id: UUID
    code: str
    hash: str
    title: str
    version: str
    document_number: str
    unit: str
    subject: str
    since: date | None
    periods: tuple[str, ...]
    workdays: tuple[int, ...]
    proposed_by: str
    proposed_at: datetime
    ended: Ended | None
    signers: tuple[SignerLine, ...]
    may_sign: bool
    may_lead: bool
    may_read: bool
    people: tuple[PersonChoice, ...]
    reading: PolicyReading


def proposal_page(*, actor: Actor, on: date, proposal_id: UUID) -> ProposalPage:
    """`on`: today. Eight queries at most. Raises `NotFound` and `Forbidden`."""
    proposal = proposal_for(actor, proposal_id)
    pack = proposals.pack_of_proposal(proposal)
    signers = proposals.signers_of(proposal)
    ended = _ended(proposal)
    turn = proposals.turn_of(signers) if ended is None else None
    may_lead = ended is None and actor.may_at(Permission.POLICY_ADOPT, proposal.unit.path)
    return ProposalPage(
        id=proposal.pk,
        code=proposal.pack,
        hash=proposal.hash,
        title=proposal.title,
        version=proposal.version,
        document_number=pack.document_number or "",
        unit=proposal.unit.name,
        subject=proposal.subject,
        since=proposal.since,
        periods=tuple(proposal.periods),
        workdays=tuple(proposal.workdays),
        proposed_by=proposal.proposed_by.name,
        proposed_at=proposal.proposed_at,
        ended=ended,
        signers=_lines(signers, turn, actor, on),
        may_sign=turn is not None and turn.account_id == actor.account_id,
        may_lead=may_lead,
        may_read=actor.may(Permission.POLICY_READ),
        people=people_about(proposal.unit, on) if may_lead else (),
        reading=read_policy(pack, (proposal.unit.path,), on, is_in_books=False),
    )


def _ended(proposal: PolicyProposal) -> Ended | None:
    rows = PolicyProposal.objects.filter(pk=proposal.pk, end__isnull=False).annotate(is_taken_back=taken_back())
    row = rows.values_list("end__how", "end__at", "end__by__name", "end__reason", "is_taken_back").first()
    return None if row is None else Ended(*row)


def _lines(
    signers: Sequence[ProposalSigner], turn: ProposalSigner | None, actor: Actor, on: date
) -> tuple[SignerLine, ...]:
    away = Absence.objects.filter(proposals.away_on(on), account__in=[one.account_id for one in signers])
    deputies = dict(away.values_list("account_id", "deputy__name"))
    return tuple(
        SignerLine(
            slot=one.slot,
            name=one.account.name,
            signed_at=one.signed_at,
            is_turn=one is turn,
            is_reader=one.account_id == actor.account_id,
            is_there=one.account.is_active,
            deputy=deputies.get(one.account_id, ""),
        )
        for one in signers
    )
