"""Somebody is given a post, and with it what its role may see and do."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for, held_on, unit_for
from kesu.access.permissions import Permission
from kesu.casefile import absences, house
from kesu.casefile.rest import wake_under
from kesu.store.models import Post, PostHolding


@transaction.atomic
def give_post(*, actor: Actor, at: datetime, on: date, unit_id: UUID, role: str, name: str, account_id: UUID) -> None:
    """`role`: the code of the slot that the post fills; `name`: what it is called there; `on`: the first day. A post
    that is there already keeps its name. Raises `NotFound`, `Forbidden`, or `Unacceptable` for somebody who holds it
    and for a role that nobody knows."""
    unit = unit_for(actor, unit_id, Permission.HOUSE_EDIT)
    account = account_for(actor, account_id)
    house.wait_turn()
    house.check_texts(Post, name=name, role=role)
    post, _ = Post.objects.get_or_create(unit=unit, role=role, defaults={"name": name.strip()})
    if PostHolding.objects.filter(held_on(on), post=post, account=account, instead_of=None).exists():
        raise house.unreadable({"account": "post_held"})
    PostHolding.objects.create(post=post, account=account, from_on=on)
    absences.settle([account.pk])
    wake_under([unit.pk], at)
    after = {"account": account.login, "role": role, "unit": unit.name, "from": on.isoformat()}
    house.record("post.given", at=at, by=actor.account_id, subject=post.pk, name=post.name, after=after)
