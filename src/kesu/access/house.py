"""The organisation as its administrators reach it: units, posts and people under their posts, and nothing of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor, Held
from kesu.access.permissions import Permission
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.store.models import Account, ChatPlace, PostHolding, RoleGrant, Unit
from kesu.store.models.organisation import SERVING, UnitKind

_OTHERS: Final = (UnitKind.PROPERTY, UnitKind.CONTRACTOR, UnitKind.LABORATORY)
ROOTS: Final[tuple[str, ...]] = (UnitKind.GROUP, *_OTHERS, UnitKind.AUTHORITY)
"""Kinds that stand on their own: nothing of one is seen from another."""
_COMPANIES: Final = (UnitKind.COMPANY, *_OTHERS, UnitKind.AUTHORITY)
"""Kinds that are a house of their own, with people of their own; a group, where none of these is in between."""
KINDS_INSIDE: Final[Mapping[str, tuple[str, ...]]] = {
    UnitKind.GROUP: (UnitKind.REGION, UnitKind.COMPANY, UnitKind.PROJECT, *_OTHERS, *SERVING),
    UnitKind.REGION: (UnitKind.COMPANY, UnitKind.PROJECT, *_OTHERS, *SERVING),
    UnitKind.COMPANY: (UnitKind.PROJECT, *_OTHERS, *SERVING),
    UnitKind.PROPERTY: (UnitKind.REGION, UnitKind.COMPANY, UnitKind.PROJECT, *SERVING),
    UnitKind.CONTRACTOR: (UnitKind.PROJECT, *SERVING),
    UnitKind.LABORATORY: SERVING,
    UnitKind.AUTHORITY: SERVING,
    UnitKind.PROJECT: SERVING,
    UnitKind.SERVICE_POST: (),
    UnitKind.DEPARTMENT: (),
}
"""What may stand directly inside what."""


def held_on(on: date) -> Q:
    """Of holdings: those that last until this day or longer, and those without an end."""
    return Q(until_on__isnull=True) | Q(until_on__gte=on)


def unit_for(actor: Actor, unit_id: UUID, needs: Permission) -> Unit:
    """The unit, or `NotFound` where the actor may not even see the organisation there, or `Forbidden` without the
    right."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or not actor.may_at(Permission.HOUSE_READ, unit.path):
        raise NotFound
    if not actor.may_at(needs, unit.path):
        raise Forbidden("permission_missing", data={"permission": needs.value})
    return unit


def chat_place_for(actor: Actor, place_id: UUID) -> ChatPlace:
    """A group of a work chat, with its unit. Raises `Forbidden`, and `NotFound` for one that is not in reach or has
    been taken away."""
    actor.require(Permission.SOURCES_EDIT)
    place = ChatPlace.objects.select_related("unit", "set_by").filter(pk=place_id, removed_at=None).first()
    if place is None or not actor.may_at(Permission.SOURCES_EDIT, place.unit.path):
        raise NotFound
    return place


def founding_post(actor: Actor) -> Held:
    """The post through which the actor may found units that stand on their own. Raises `Forbidden`."""
    actor.require(Permission.HOUSE_EDIT)
    return next(post for post in actor.posts if Permission.HOUSE_EDIT in post.permissions)


def require_an_administrator(on: date) -> None:
    """Raises `Unacceptable` when nobody would be left who may change rights: without him nobody comes back in."""
    roles = RoleGrant.objects.filter(permission=Permission.RIGHTS_EDIT.value).values("role")
    held = PostHolding.objects.filter(held_on(on), from_on__lte=on, account__is_active=True, post__role__in=roles)
    if not held.filter(instead_of=None).exists():
        raise Unacceptable("last_administrator", data={"fields": {}, "refusals": ()})


def require_somebody_at(unit: Unit, on: date) -> None:
    """Raises `Unacceptable` when nobody would be left who may change what stands alone with this unit: nothing of it is
    seen from elsewhere, so nobody could put somebody there again."""
    root = Unit.objects.get(path=f"/{unit.path.split('/')[1]}/")
    roles = RoleGrant.objects.filter(permission=Permission.HOUSE_EDIT.value).values("role")
    held = PostHolding.objects.filter(held_on(on), from_on__lte=on, account__is_active=True, post__role__in=roles)
    if root.closed_on is None and not held.filter(instead_of=None, post__unit__scope_path=root.path).exists():
        raise Unacceptable("nobody_there", data={"fields": {}, "refusals": ()})


@dataclass(frozen=True, slots=True)
class HeldPost:
    """`name`: of the post, as its role is called or as the house calls it."""

    unit: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Somebody to be picked from a list. `pinyin`: what his name is found by besides."""

    id: UUID
    login: str
    name: str
    pinyin: str


def people_about(unit: Unit, on: date) -> tuple[PersonChoice, ...]:
    """Those with an open account and a post in the company that `unit` is of, or over it; of units that stand in no
    company, in whatever stands alone with them. Nobody of another company. Two queries."""
    above = [f"/{'/'.join(unit.path.split('/')[1:end])}/" for end in range(2, len(unit.path.split("/")))]
    kinds = dict(Unit.objects.filter(path__in=above).values_list("path", "kind"))
    company = next((path for path in reversed(above) if kinds.get(path) in _COMPANIES), above[0])
    held = PostHolding.objects.filter(held_on(on), from_on__lte=on)
    held = held.filter(Q(post__unit__path__startswith=company) | Q(post__unit__scope_path__in=above))
    rows = Account.objects.filter(is_active=True, pk__in=held.values("account")).order_by("pinyin", "login")
    return tuple(PersonChoice(*row) for row in rows.values_list("pk", "login", "name", "pinyin"))


def open_people(without: UUID | None = None) -> tuple[PersonChoice, ...]:
    """Everybody with an open account, by the sounds of his name. One query."""
    rows = Account.objects.filter(is_active=True).order_by("pinyin", "login")
    choices = (PersonChoice(*row) for row in rows.values_list("pk", "login", "name", "pinyin"))
    return tuple(one for one in choices if one.id != without)


def person_for(actor: Actor, account_id: UUID) -> Account:
    """Oneself, or anybody with the right to change people. Raises `Forbidden` and `NotFound`."""
    if account_id == actor.account_id:
        return Account.objects.get(pk=account_id)
    return account_for(actor, account_id)


def account_for(actor: Actor, account_id: UUID) -> Account:
    """Raises `Forbidden` without the right to change people, `NotFound` for nobody."""
    actor.require(Permission.PEOPLE_EDIT)
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account
