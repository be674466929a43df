"""The organisation as a tree: units in order, their posts, and who holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.house import KINDS_INSIDE, PersonChoice, held_on, open_people
from kesu.access.permissions import Permission
from kesu.store.models import Post, PostHolding, Unit


@dataclass(frozen=True, slots=True)
class HolderLine:
    """`stands_for`: the name of the one who is away, for somebody who stands in."""

    holding: int
    name: str
    login: str
    from_on: date
    is_open: bool
    stands_for: str


@dataclass(frozen=True, slots=True)
class PostLine:
    role: str
    name: str
    holders: tuple[HolderLine, ...]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """`depth` counts from 0 at a root; `kinds_inside` are the kinds of unit that may be added to it; a closed one takes
    nothing new."""

    id: UUID
    depth: int
    kind: str
    name: str
    pinyin: str
    code: str
    is_public: bool
    is_closed: bool
    kinds_inside: tuple[str, ...]
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    units: tuple[UnitLine, ...]
    people: tuple[PersonChoice, ...]
    may_edit: bool


def tree(*, actor: Actor, on: date) -> Tree:
    """What lies under the reader's posts, and who holds its posts on that day. Four queries. Raises `Forbidden`."""
    actor.require(Permission.HOUSE_READ)
    within = Q(pk__in=[])
    for path in actor.reach(Permission.HOUSE_READ):
        within |= Q(path__startswith=path)
    units = list(Unit.objects.filter(within).order_by("path"))
    posts: dict[UUID, list[Post]] = {}
    for post in Post.objects.filter(unit__in=[unit.pk for unit in units]).order_by("name", "pk"):
        posts.setdefault(post.unit_id, []).append(post)
    holders = _holders(on)
    base = min((unit.path.count("/") for unit in units), default=0)
    return Tree(
        units=tuple(
            UnitLine(
                id=unit.pk,
                depth=unit.path.count("/") - base,
                kind=unit.kind,
                name=unit.name,
                pinyin=unit.pinyin,
                code=unit.code,
                is_closed=unit.closed_on is not None,
                is_public=unit.is_public,
                kinds_inside=tuple(KINDS_INSIDE[unit.kind]),
                posts=tuple(PostLine(p.role, p.name, tuple(holders.get(p.pk, ()))) for p in posts.get(unit.pk, ())),
            )
            for unit in units
        ),
        people=open_people(),
        may_edit=actor.may(Permission.HOUSE_EDIT),
    )


def _holders(on: date) -> dict[UUID, list[HolderLine]]:
    found: dict[UUID, list[HolderLine]] = {}
    for held in (
        PostHolding.objects.filter(held_on(on), from_on__lte=on)
        .select_related("account", "stands_for")
        .order_by("from_on", "pk")
    ):
        account = held.account
        whom = held.stands_for.name if held.stands_for else ""
        line = HolderLine(held.pk, account.name, account.login, held.from_on, account.is_active, whom)
        found.setdefault(held.post_id, []).append(line)
    return found
