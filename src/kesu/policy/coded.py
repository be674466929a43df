"""Whoever works blind: he knows a case as a sample under a drawn code, and a few facts of it that the policy names."""

from __future__ import annotations

from typing import Final

from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import NeedKind, Step

CODED: Final = "coded"
"""What such a role `sees`."""


def coded_slots(kind: Kind) -> frozenset[str]:
    return frozenset(role.code for role in kind.roles.values() if role.sees == CODED)


def code_fact(kind: Kind) -> str:
    """The fact that holds the drawn code. A kind with a coded role has exactly one."""
    return next(fact.code for fact in kind.facts.values() if fact.drawn)


def shown_to(kind: Kind, slots: frozenset[str]) -> tuple[str, ...]:
    """The facts that whoever is in these slots is shown beside the code, in the policy's order."""
    roles = (role for role in kind.roles.values() if role.sees == CODED and role.code in slots)
    return tuple(dict.fromkeys(code for role in roles for code in role.shows))


def is_blind(kind: Kind, step: Step) -> bool:
    """Whether only those take it who know no more than a code: a coded role, or a group that was named among one."""
    slots = coded_slots(kind)
    by = {who for row in step.by.rows for who in row.use}
    return bool(slots) and bool(by) and all(who.role in slots or _group_of(kind, who.group or "", slots) for who in by)


def _group_of(kind: Kind, group: str, slots: frozenset[str]) -> bool:
    """Whether a guard wants the members of a group to be in one of these slots."""
    needs = (need for guard in kind.guards.values() for need in guard.needs if need.kind is NeedKind.PEOPLE)
    return any(need.group == group and not slots.isdisjoint(need.codes) for need in needs)
