"""All that somebody holds, before it goes to a successor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.holdings import held_cases
from kesu.access.house import HeldPost, PersonChoice, account_for, held_on, open_people
from kesu.access.permissions import Permission
from kesu.store.models import PostHolding

_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class HeldCase:
    """Nothing of what it is about: whoever changes people need not see cases. `duties`: how many are his and open."""

    number: str
    unit: str
    duties: int


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """`cases`: the first `_LISTED` of `total` open cases in which something waits for him or that he holds."""

    id: UUID
    login: str
    name: str
    posts: tuple[HeldPost, ...]
    cases: tuple[HeldCase, ...]
    total: int
    successors: tuple[PersonChoice, ...]


def hand_over_page(*, actor: Actor, on: date, account_id: UUID) -> HandOverPage:
    """Five queries. Raises `Forbidden` and `NotFound`."""
    actor.require(Permission.HOUSE_EDIT)
    account = account_for(actor, account_id)
    posts = PostHolding.objects.filter(held_on(on), account=account, instead_of=None).order_by("from_on", "pk")
    cases = held_cases(account.pk)
    return HandOverPage(
        id=account.pk,
        login=account.login,
        name=account.name,
        posts=tuple(HeldPost(*post) for post in posts.values_list("post__unit__name", "post__name")),
        cases=tuple(HeldCase(*case) for case in cases[:_LISTED]),
        total=len(cases),
        successors=open_people(without=account.pk),
    )
