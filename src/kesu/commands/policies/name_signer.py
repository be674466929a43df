"""Somebody else is named to sign a proposed policy: the one before has left, is away, or was the wrong one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.proposals import proposal_to_lead
from kesu.casefile import house, proposals
from kesu.casefile.enacting import stop_at
from kesu.core.errors import NotFound, NotNow
from kesu.store.models import Account


@transaction.atomic
def name_signer(*, actor: Actor, at: datetime, on: date, proposal_id: UUID, slot: str, account_id: UUID | None) -> None:
    """`on`: today; `account_id` None: nobody was chosen. Whoever is named already stays so. He is told when it is his
    turn. Raises `NotFound`, `Forbidden`, `NotNow` where the proposal is over or that slot is signed, `Unacceptable` for
    somebody who cannot sign (no open account, away, or named in another slot)."""
    house.wait_turn()
    proposal = proposal_to_lead(actor, proposal_id)
    signers = proposals.signers_of(proposal)
    place = next((one for one in signers if one.slot == slot), None)
    if place is None:
        raise NotFound
    proposals.require_open(proposal)
    if place.signed_at is not None:
        raise NotNow("signed_already")
    account = Account.objects.filter(pk=account_id).first() if account_id else None
    found = list(proposals.unfit({slot: account}, on))
    if account is not None and account.pk in {one.account_id for one in signers if one is not place}:
        found.append(("signed_twice", account.name, ()))
    stop_at(found, {})
    if account is None or account.pk == place.account_id:
        return
    before, place.account = place.account, account
    place.save(update_fields=["account"])
    house.record(
        "proposal.signer_named",
        at=at,
        by=actor.account_id,
        subject=proposal.hash,
        name=str(proposal),
        before={"to_sign": [proposals.signed_line(slot, before.name)]},
        after={
            "to_sign": [proposals.signed_line(slot, account.name)],
            "unit": proposal.unit.name,
            "proposal": proposal.pk.hex,
        },
    )
    if proposals.turn_of(signers) is place:
        proposals.tell(proposal, account.pk, proposals.TO_SIGN, at)
