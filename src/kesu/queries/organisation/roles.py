"""The roles that posts may have: the slots of the library's packs, and the house's own."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.adoption import NOBODY
from kesu.casefile.library import offered
from kesu.store.models import Post, Role


@dataclass(frozen=True, slots=True)
class RoleLine:
    """`name`: what the policies call it, each name once; `of`: the title of the policy that first names it, empty for
    one of the house."""

    code: str
    name: str
    of: str


def roles(*, actor: Actor) -> tuple[RoleLine, ...]:
    """In the order of the packs, then those of the house. Two queries. Raises `Forbidden`."""
    actor.require(Permission.HOUSE_READ)
    called: dict[str, tuple[str, dict[str, None]]] = {}
    for pack in offered().values():
        for kind in pack.kinds.values():
            for role in kind.roles.values():
                if role.code not in NOBODY:
                    called.setdefault(role.code, (pack.title, {}))[1][role.name] = None
    found = {code: RoleLine(code, "、".join(names), title) for code, (title, names) in called.items()}
    for code, name in Role.objects.order_by("name", "code").values_list("code", "name"):
        found.setdefault(code, RoleLine(code, name, ""))
    for code, name in Post.objects.exclude(role__in=found).order_by("role", "name").values_list("role", "name"):
        found.setdefault(code, RoleLine(code, name, ""))
    return tuple(found.values())
