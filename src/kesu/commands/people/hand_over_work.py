"""Somebody leaves: all that he holds goes to a successor."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import account_for, held_on
from kesu.access.permissions import Permission
from kesu.casefile import absences, entry, house
from kesu.casefile.rest import wake_of, wake_under
from kesu.core.errors import Forbidden, Unacceptable
from kesu.store.models import Absence, Account, PostHolding


@transaction.atomic
def hand_over_work(*, actor: Actor, at: datetime, on: date, account_id: UUID, successor_id: UUID) -> None:
    """`on`: the first day without him, today. His posts pass to the successor, what names him in open cases is reached
    through the successor, his account is shut; deadlines stay. Raises `Forbidden` (also for oneself and for posts
    outside the actor's reach), `NotFound`, `Unacceptable` for a successor who is not there or has left himself."""
    actor.require(Permission.HOUSE_EDIT)
    account = account_for(actor, account_id)
    if account.pk == actor.account_id:
        raise Forbidden("not_oneself")
    house.wait_turn()
    successor = Account.objects.filter(pk=successor_id, is_active=True).exclude(pk=account.pk).first()
    if successor is None or not account.is_active:
        raise house.unreadable({"successor": "not_offered"})
    held = list(PostHolding.objects.select_related("post__unit").filter(held_on(on), account=account, instead_of=None))
    if not all(actor.may_at(Permission.HOUSE_EDIT, one.post.unit.path) for one in held):
        raise Forbidden("permission_missing", data={"permission": Permission.HOUSE_EDIT.value})
    _pass_on(held, successor, on)
    Absence.objects.filter(account=account, from_on__gte=on).delete()
    Absence.objects.filter(held_on(on), account=account).update(until_on=on - timedelta(days=1))
    Absence.objects.create(account=account, deputy=successor, from_on=on)
    account.is_active = False
    account.save(update_fields=["is_active"])
    entry.end_all(account)
    absences.settle([account.pk, successor.pk])
    if absences.leads_nowhere(account.pk, on):
        raise Unacceptable("unreadable", data={"fields": {"successor": "deputy_away"}, "refusals": ()})
    wake_under([one.post.unit_id for one in held], at)
    wake_of([account.pk], at)
    posts = [f"{one.post.unit.name} {one.post.name}" for one in held]
    after = {"successor": successor.login, "posts": posts, "from": on.isoformat()}
    house.record("account.handed_over", at=at, by=actor.account_id, subject=account.pk, name=account.name, after=after)


def _pass_on(held: list[PostHolding], successor: Account, on: date) -> None:
    his = set(
        PostHolding.objects.filter(held_on(on), account=successor, instead_of=None).values_list("post", flat=True)
    )
    for one in held:
        first = max(on, one.from_on)
        if one.from_on >= on:
            one.delete()
        else:
            PostHolding.objects.filter(pk=one.pk).update(until_on=on - timedelta(days=1))
        if one.post_id not in his:
            PostHolding.objects.create(post_id=one.post_id, account=successor, from_on=first, until_on=one.until_on)
