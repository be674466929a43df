"""Who may know that a case exists."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.policy.model.conditions import Condition, Table
from kesu.policy.model.rules import Who


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Who may know of a case. `sealed`: the kind leaves no trace for anybody off its allow list; `opened_to` are the
    roles that are put on it. Otherwise the case is an ordinary one, and confidential while `when` holds: it is there
    for `opened_to` and whoever holds it, and for nobody else; `says` tells them why. Members of the group fact
    `hidden_from` are let in by neither. `told`: texts that the reporter of a sealed case reads with his receipt code,
    what was written to him and what he answered."""

    sealed: bool
    opened_to: Table[tuple[Who, ...]]
    hidden_from: str | None = None
    clauses: tuple[str, ...] = ()
    when: Condition | None = None
    says: str = ""
    told: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """Every slot that it may open a case to, in the order of the pack."""
        return tuple(dict.fromkeys(who.role for row in self.opened_to.rows for who in row.use if who.role))
