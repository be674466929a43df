"""The slots that policies name, the clauses that name them, and which roles of the house fill them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kesu.access.actor import Actor
from kesu.access.house import held_on
from kesu.access.permissions import Permission
from kesu.casefile.adoption import NOBODY, roles_of
from kesu.casefile.library import offered
from kesu.store.models import PostHolding


@dataclass(frozen=True, slots=True)
class SlotLine:
    """`named`: title of each policy with the printed numbers of its clauses. `roles`: codes; `is_own`: nothing was
    said, so that the role of its own code fills it. `holders`: names of those who fill it on the day."""

    code: str
    name: str
    named: tuple[tuple[str, tuple[str, ...]], ...]
    roles: tuple[str, ...]
    is_own: bool
    holders: tuple[str, ...]


def slot_table(*, actor: Actor, on: date) -> tuple[SlotLine, ...]:
    """In the order of the policies. Two queries. Raises `Forbidden`."""
    actor.require(Permission.HOUSE_READ)
    names: dict[str, str] = {}
    named: dict[str, dict[str, list[str]]] = {}
    for pack in offered().values():
        for role in (role for kind in pack.kinds.values() for role in kind.roles.values() if role.code not in NOBODY):
            names.setdefault(role.code, role.name)
            printed = named.setdefault(role.code, {}).setdefault(pack.title, [])
            printed.extend(pack.clauses[one].printed for one in role.clauses if one in pack.clauses)
    filled = roles_of(names)
    holders = _holders(on)
    return tuple(
        SlotLine(
            code=code,
            name=name,
            named=tuple((title, tuple(dict.fromkeys(printed))) for title, printed in named[code].items()),
            roles=tuple(filled[code]),
            is_own=filled[code] == [code],
            holders=tuple(dict.fromkeys(holders.get(code, ()))),
        )
        for code, name in names.items()
    )


def _holders(on: date) -> dict[str, list[str]]:
    held = PostHolding.objects.filter(held_on(on), from_on__lte=on, account__is_active=True, instead_of=None)
    found: dict[str, list[str]] = {}
    for slot, name in held.order_by("from_on", "pk").values_list("post__fills__slot", "account__name"):
        found.setdefault(slot, []).append(name)
    return found
