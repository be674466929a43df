"""A policy is proposed and signed by commands, as each of those concerned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from kesu.policy.calendar.official import WorkingHours

if TYPE_CHECKING:
    from tests.world import World

SIGNERS = {"compiled_by": "zhouyining", "reviewed_by": "linsheng", "approved_by": "gulan"}


def propose(
    world: World,
    at: datetime,
    *,
    code: str = "suggestion",
    unit: str = "east_co",
    signers: Mapping[str, str] = SIGNERS,
    login: str = "admin",
    since: str = "",
    subject: str = "",
    figures: Mapping[str, str] | None = None,
) -> UUID:
    """`signers`: logins by slot."""
    from kesu.casefile.terms import Offer
    from kesu.commands.policies.propose_policy import Wanted, propose_policy

    wanted = Wanted(
        unit_id=world.units[unit],
        offer=Offer(code, figures or {}),
        hours=WorkingHours(),
        signers={slot: world.people.get(name) for slot, name in signers.items()},
        since=since,
        subject=subject,
    )
    return propose_policy(actor=world.actor(login, at.date()), at=at, on=at.date(), wanted=wanted)


def sign(world: World, proposal: UUID, login: str, at: datetime) -> bool:
    """As the page sends it, with the digest of the proposal's own text. Whether the policy is in force with it."""
    from kesu.commands.policies.sign_policy import sign_policy
    from kesu.store.models import PolicyProposal

    read = PolicyProposal.objects.get(pk=proposal).hash
    actor = world.actor(login, at.date())
    return sign_policy(actor=actor, at=at, on=at.date(), proposal_id=proposal, policy_hash=read)
