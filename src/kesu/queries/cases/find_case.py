"""From a printed number to a case."""

from __future__ import annotations

from kesu.access import choices
from kesu.access.actor import Actor


def find_case(*, actor: Actor, number: str) -> str:
    """The identifier (hex) of a case in the actor's sight; empty when there is none."""
    return choices.case_by_number(actor, number)
