"""Who of the house can give somebody a right: named on the page that says that it is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from kesu.access.permissions import Permission
from kesu.store.models import PostHolding, RoleGrant

_NAMED = 4


@dataclass(frozen=True, slots=True)
class Granter:
    post: str
    name: str


def granters(*, on: date) -> tuple[Granter, ...]:
    """Those who put policies into force: roles get their rights from an adopted policy."""
    roles = RoleGrant.objects.filter(permission=Permission.POLICY_ADOPT.value).values("role")
    held = (
        PostHolding.objects.filter(post__role__in=roles, account__is_active=True, from_on__lte=on)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
        .select_related("post", "account")
        .order_by("from_on", "id")
    )
    return tuple(Granter(one.post.name, one.account.name) for one in held[:_NAMED])
