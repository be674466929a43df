"""Somebody lays down a post."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import require_an_administrator, require_somebody_at, unit_for
from kesu.access.permissions import Permission
from kesu.casefile import absences, house
from kesu.casefile.rest import wake_under
from kesu.core.errors import NotFound
from kesu.store.models import PostHolding, RoleGrant


@transaction.atomic
def end_post(*, actor: Actor, at: datetime, on: date, holding_id: int) -> None:
    """`on`: the first day on which he holds it no more. Raises `NotFound`, `Forbidden`, and
    `Unacceptable` when nobody would be left who may change rights, or the organisation there."""
    house.wait_turn()
    held = (
        PostHolding.objects.select_for_update(of=("self",))
        .select_related("post__unit", "account")
        .filter(pk=holding_id)
    )
    holding = held.filter(instead_of=None).first()
    if holding is None:
        raise NotFound
    unit_for(actor, holding.post.unit_id, Permission.HOUSE_EDIT)
    last = on - timedelta(days=1)
    if last < holding.from_on:
        holding.delete()  # it never began
    else:
        holding.until_on = last
        holding.save(update_fields=["until_on"])
    require_an_administrator(on)
    if RoleGrant.objects.filter(role=holding.post.role, permission=Permission.HOUSE_EDIT.value).exists():
        require_somebody_at(holding.post.unit, on)
    absences.settle([holding.account_id])
    wake_under([holding.post.unit_id], at)
    unit = holding.post.unit.name
    before = {"account": holding.account.login, "role": holding.post.role, "unit": unit}
    after = {} if last < holding.from_on else {"until": last.isoformat()}
    subject, name = holding.post_id, holding.post.name
    house.record("post.ended", at=at, by=actor.account_id, subject=subject, name=name, before=before, after=after)
