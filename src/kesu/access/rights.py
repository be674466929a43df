"""What a policy lets its roles see and do beside the steps, as permissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kesu.access.permissions import Permission
from kesu.policy.coded import CODED
from kesu.policy.model.pack import Pack
from kesu.policy.model.rules import GENERIC

_OF_SIGHT: Final[Mapping[str, tuple[Permission, ...]]] = {
    "case": (Permission.CASE_READ, Permission.PERSONAL_READ, Permission.REPORT_READ, Permission.POLICY_READ),
    "masked": (Permission.CASE_READ, Permission.REPORT_READ, Permission.POLICY_READ),
    CODED: (Permission.CODED_READ, Permission.POLICY_READ),
    "none": (),
}
_OF_ACT: Final[Mapping[str, Permission]] = {
    "register": Permission.CASE_REGISTER,
    "note": Permission.CASE_NOTE,
    "reply": Permission.CASE_REPLY,
    "join": Permission.MATTER_JOIN,
}


def rights_of(pack: Pack) -> dict[str, list[str]]:
    """By slot. Sealed cases are opened by their own list."""
    found: dict[str, list[str]] = {}
    for role in (role for kind in pack.kinds.values() if not kind.is_sealed for role in kind.roles.values()):
        if pack.charter.is_overlay and not set(role.clauses) - {GENERIC}:
            continue  # a slot of the policy below, which says itself what it may do
        sight = _OF_SIGHT[role.sees]
        acts = [_OF_ACT[act] for act in role.acts] if Permission.CASE_READ in sight else []
        found.setdefault(role.code, []).extend(right.value for right in (*sight, *acts))
    return found
