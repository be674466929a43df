"""Policies of the demonstration that still wait for signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from kesu.access.actor import Actor, actor_of
from kesu.casefile.terms import Offer
from kesu.commands.policies.propose_policy import Wanted, propose_policy
from kesu.commands.policies.sign_policy import sign_policy
from kesu.config.demonstration.stories import Stage
from kesu.policy.calendar.official import WorkingHours
from kesu.store.models import Account, PolicyProposal

_AGO: Final = timedelta(hours=20)


def propose(book: Mapping[str, Any], stage: Stage) -> None:
    """As those concerned would have done it the day before."""
    at = stage.at - _AGO
    on = stage.calendar.local(at).date()

    def actor(login: str) -> Actor:
        return actor_of(Account.objects.get(login=login), on)

    for one in book["proposals"]:
        wanted = Wanted(
            unit_id=stage.units[one["unit"]],
            offer=Offer(one["offer"], {}),
            hours=WorkingHours(),
            signers={slot: stage.people[login] for slot, login in one["signers"].items()},
            subject=one["subject"],
        )
        proposal = propose_policy(actor=actor(one["by"]), at=at, on=on, wanted=wanted)
        text = PolicyProposal.objects.get(pk=proposal).hash
        for login in one["signed"]:
            sign_policy(actor=actor(login), at=stage.at, on=on, proposal_id=proposal, policy_hash=text)
