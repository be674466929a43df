"""Roles and what their holders may see and do: the whole as a table, and one role to be changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from kesu.access.actor import Actor
from kesu.access.house import held_on
from kesu.access.permissions import Permission
from kesu.casefile.adoption import slots_offered
from kesu.core.errors import NotFound
from kesu.store.models import Adoption, Post, PostHolding, PostSlot, Role, RoleGrant


@dataclass(frozen=True, slots=True)
class RoleRights:
    """`people`: how many hold a post of it on the day; `granted`: permissions as they are written."""

    code: str
    name: str
    people: int
    granted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleHolder:
    unit: str
    post: str
    name: str


@dataclass(frozen=True, slots=True)
class RolePage:
    """`fills`: names of the slots that its posts fill. `has_policies`: some policy was adopted, now or for later; from
    one come the duties of slots and the rights of those who fill them."""

    role: RoleRights
    fills: tuple[str, ...]
    holders: tuple[RoleHolder, ...]
    has_policies: bool
    may_edit: bool


def role_table(*, actor: Actor, on: date) -> tuple[RoleRights, ...]:
    """Every role that has posts or rights, or that the house made; those of policies first, in their order. Five
    queries. Raises `Forbidden`."""
    actor.require(Permission.HOUSE_READ)
    granted: dict[str, set[str]] = {}
    for role, permission in RoleGrant.objects.values_list("role", "permission"):
        granted.setdefault(role, set()).add(permission)
    held = PostHolding.objects.filter(held_on(on), from_on__lte=on, account__is_active=True, instead_of=None)
    counted = held.order_by().values_list("post__role").annotate(people=Count("account", distinct=True))
    people: dict[str, int] = dict(counted)
    names = _names()
    own = set(Role.objects.values_list("code", flat=True))
    codes = [code for code in names if code in granted or code in people or code in own]
    return tuple(
        RoleRights(code, names[code], people.get(code, 0), tuple(sorted(granted.get(code, ())))) for code in codes
    )


def role_page(*, actor: Actor, on: date, role: str) -> RolePage:
    """Raises `Forbidden`, and `NotFound` for a role that nobody knows."""
    actor.require(Permission.HOUSE_READ)
    names = _names()
    if role not in names:
        raise NotFound
    held = PostHolding.objects.filter(held_on(on), from_on__lte=on, account__is_active=True, post__role=role)
    rows = held.filter(instead_of=None).order_by("post__unit__path", "from_on", "pk")
    holders = tuple(RoleHolder(*row) for row in rows.values_list("post__unit__name", "post__name", "account__name"))
    granted = RoleGrant.objects.filter(role=role).values_list("permission", flat=True)
    slots = PostSlot.objects.filter(post__role=role).order_by("slot").values_list("slot", flat=True).distinct()
    offered = slots_offered()
    return RolePage(
        role=RoleRights(role, names[role], len({one.name for one in holders}), tuple(sorted(granted))),
        fills=tuple(_named(slots, offered)),
        holders=holders,
        has_policies=Adoption.objects.exists(),
        may_edit=actor.may(Permission.RIGHTS_EDIT),
    )


def _named(codes: Iterable[str], names: dict[str, str]) -> Iterable[str]:
    return (names.get(code, code) for code in codes)


def _names() -> dict[str, str]:
    names = slots_offered()
    for code, name in Role.objects.order_by("name", "code").values_list("code", "name"):
        names.setdefault(code, name)
    for code, name in Post.objects.exclude(role__in=names).order_by("role", "name").values_list("role", "name"):
        names.setdefault(code, name)
    return names
