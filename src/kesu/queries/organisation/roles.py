"""The roles that posts may have: the slots of the policies in force and of the library, and the house's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.adoption import NOBODY
from kesu.casefile.library import offered
from kesu.policy.model.pack import Pack
from kesu.store.models import Adoption, Post, Role

_BETWEEN: Final = "、"
_MORE: Final = "等"
_POST_NAME: Final = 80
"""As many signs as the name of a post has."""


@dataclass(frozen=True, slots=True)
class RoleLine:
    """`name`: what the policies call it, each name once; `of`: the title of the policy that first names it, empty for
    one of the house."""

    code: str
    name: str
    of: str

    @property
    def post_name(self) -> str:
        """What a post of it is called where nobody says so: as many of the names as the name of a post holds. A library
        of many policies calls one slot by more names than that."""
        if len(self.name) <= _POST_NAME:
            return self.name
        fitting = self.name[: _POST_NAME - len(_MORE) + 1].rpartition(_BETWEEN)[0]
        return f"{fitting or self.name[: _POST_NAME - len(_MORE)]}{_MORE}"


def roles(*, actor: Actor) -> tuple[RoleLine, ...]:
    """First those of the policies in force, called as these call them; then the others of the library, and those of the
    house. Three queries. Raises `Forbidden`."""
    actor.require(Permission.HOUSE_READ)
    serving = set(Adoption.objects.order_by().values_list("policy_version__pack", flat=True).distinct())
    packs = offered()
    found = _called(pack for code, pack in packs.items() if code in serving)
    others = _called(pack for code, pack in packs.items() if code not in serving)
    found |= {code: line for code, line in others.items() if code not in found}
    for code, name in Role.objects.order_by("name", "code").values_list("code", "name"):
        found.setdefault(code, RoleLine(code, name, ""))
    for code, name in Post.objects.exclude(role__in=found).order_by("role", "name").values_list("role", "name"):
        found.setdefault(code, RoleLine(code, name, ""))
    return tuple(found.values())


def _called(packs: Iterable[Pack]) -> dict[str, RoleLine]:
    """The slots of these packs, in their order, with every name that one of them has for a slot."""
    called: dict[str, tuple[str, dict[str, None]]] = {}
    for pack in packs:
        for kind in pack.kinds.values():
            for role in kind.roles.values():
                if role.code not in NOBODY:
                    called.setdefault(role.code, (pack.title, {}))[1][role.name] = None
    return {code: RoleLine(code, _BETWEEN.join(names), title) for code, (title, names) in called.items()}
