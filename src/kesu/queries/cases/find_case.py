"""From a printed number to a case, and whether one is still there for whoever acted on it."""

from __future__ import annotations

from uuid import UUID

from kesu.access import choices
from kesu.access.actor import Actor
from kesu.access.cases import sees
from kesu.casefile import tokens


def find_case(*, actor: Actor, number: str) -> str:
    """The identifier (hex) of a case in the actor's sight; empty when there is none."""
    return choices.case_by_number(actor, number)


def is_taken(*, actor: Actor, case_id: UUID, token: str) -> bool:
    """Whether he took a step with this form (its one-time token) that may have taken the case out of his sight."""
    return bool(token) and bool(tokens.taken([tokens.out_of_sight(token, actor.key, case_id)]))


def is_in_sight(*, actor: Actor, case_id: UUID) -> bool:
    """Whether the actor sees the case now: what he did himself may have made it confidential. One query."""
    return sees(actor, case_id)
