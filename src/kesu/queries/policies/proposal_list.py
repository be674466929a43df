"""Proposed policies: those that wait for the reader, those that wait for others, and those that have ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.proposals import proposals_seen_by, taken_back, waiting
from kesu.store.models import PolicyProposal, ProposalSigner

_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """`waits_for`: who signs next, empty when it has ended; `how` it ended, empty while it is open;
    `is_taken_back`: it was signed, and withdrawn before its day came."""

    id: UUID
    code: str
    title: str
    version: str
    unit: str
    subject: str
    proposed_by: str
    proposed_at: datetime
    signed: int
    signers: int
    waits_for: str
    is_mine: bool
    how: str
    is_taken_back: bool


def proposal_list(*, actor: Actor) -> tuple[ProposalLine, ...]:
    """Of whoever signs or may adopt there: those first that wait for the reader, then the open ones, then the newest
    that have ended; at most 200. Two queries."""
    mine = waiting().filter(proposal=OuterRef("pk"), account_id=actor.account_id)
    rows = proposals_seen_by(actor).annotate(is_mine=Exists(mine), is_over=Q(end__isnull=False))
    return _lines(actor, rows.order_by("-is_mine", "is_over", "-proposed_at"))


def policies_to_sign(*, actor: Actor) -> tuple[ProposalLine, ...]:
    """Those that wait for the reader, the oldest first. Two queries."""
    mine = waiting().filter(account_id=actor.account_id).values("proposal")
    return _lines(actor, PolicyProposal.objects.filter(pk__in=mine).order_by("proposed_at"))


def _lines(actor: Actor, found: QuerySet[PolicyProposal]) -> tuple[ProposalLine, ...]:
    signed = Count("signers", filter=Q(signers__signed_at__isnull=False))
    rows = list(
        found.select_related("unit", "proposed_by", "end")
        .defer("canonical")
        .annotate(of=Count("signers"), signed=signed, is_taken_back=taken_back())[:_SHOWN]
    )
    turns = {one.proposal_id: one for one in waiting().filter(proposal__in=rows).select_related("account")}
    return tuple(_line(row, turns.get(row.pk), actor) for row in rows)


def _line(row: Any, turn: ProposalSigner | None, actor: Actor) -> ProposalLine:
    """`row`: a proposal with its counts."""
    end = getattr(row, "end", None)
    return ProposalLine(
        id=row.pk,
        code=row.pack,
        title=row.title,
        version=row.version,
        unit=row.unit.name,
        subject=row.subject,
        proposed_by=row.proposed_by.name,
        proposed_at=row.proposed_at,
        signed=row.signed,
        signers=row.of,
        waits_for=turn.account.name if turn else "",
        is_mine=turn is not None and turn.account_id == actor.account_id,
        how=end.how if end else "",
        is_taken_back=row.is_taken_back,
    )
