"""The acting person: an account with the posts he holds on this day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from kesu.access.permissions import Permission
from kesu.core.errors import Forbidden
from kesu.store.fixed import Fixed, Slot
from kesu.store.models import PostHolding, PostSlot, RoleGrant

if TYPE_CHECKING:
    from uuid import UUID

    from kesu.store.models import Account


@dataclass(frozen=True, slots=True)
class Held:
    """A post held: its role, the slots of the packs that it fills, the unit, and the path over which it reaches.
    `stands_for`: whom its holder stands in for; he acts in his own name."""

    role: str
    slots: frozenset[str]
    name: str
    unit_id: UUID
    unit_name: str
    scope_path: str
    permissions: frozenset[str]
    stands_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    account_id: UUID
    login: str
    name: str
    posts: tuple[Held, ...]

    @property
    def key(self) -> str:
        """The opaque identifier that stands in logs."""
        return self.account_id.hex

    @property
    def slots(self) -> frozenset[str]:
        """Of all posts, wherever they are."""
        return frozenset[str]().union(*(post.slots for post in self.posts))

    @property
    def stands_for(self) -> frozenset[UUID]:
        """Accounts of those whom he stands in for today."""
        return frozenset(post.stands_for for post in self.posts if post.stands_for)

    def may(self, permission: Permission) -> bool:
        return any(permission in post.permissions for post in self.posts)

    def reach(self, permission: Permission) -> tuple[str, ...]:
        """The paths over which the actor has this permission, none inside another."""
        paths = sorted({post.scope_path for post in self.posts if permission in post.permissions})
        kept: list[str] = []
        for path in paths:
            if not any(path.startswith(wider) for wider in kept):
                kept.append(path)
        return tuple(kept)

    def may_at(self, permission: Permission, path: str) -> bool:
        return any(path.startswith(reach) for reach in self.reach(permission))

    def require(self, permission: Permission) -> None:
        """Raises `Forbidden` naming the right that is missing."""
        if not self.may(permission):
            raise Forbidden("permission_missing", data={"permission": permission.value})


def actor_of(account: Account, on: date) -> Actor:
    """One query. `on`: the day (of the organisation's zone) whose posts count."""
    posts = tuple(
        Held(role, frozenset(slots), name, unit_id, unit_name, scope_path, frozenset(granted), stands_for)
        for role, slots, name, unit_id, unit_name, scope_path, granted, stands_for in _HELD(account.pk, on)
    )
    return Actor(account.pk, account.login, account.name, posts)


def _held(account: Slot, on: Slot) -> QuerySet[PostHolding, tuple[Any, ...]]:
    granted = RoleGrant.objects.filter(role=OuterRef("post__role")).values("permission")
    slots = PostSlot.objects.filter(post=OuterRef("post")).values("slot")
    return (
        PostHolding.objects.filter(account=account, from_on__lte=on)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
        .order_by("from_on", "id")
        .values_list(
            "post__role",
            ArraySubquery(slots),
            "post__name",
            "post__unit_id",
            "post__unit__name",
            "post__unit__scope_path",
            ArraySubquery(granted),
            "stands_for_id",
        )
    )


_HELD: Final = Fixed(_held)
