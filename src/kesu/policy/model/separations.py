"""Separations: who must have no part in a case, or in a part of it, because of what he is to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kesu.policy.model.rules import Step


class Part(StrEnum):
    """What somebody may be kept from. The values are the words of the language."""

    OPENER = "opener"  # opens the case in which he is named
    TAKER = "taker"  # takes a step
    HOLDER = "holder"  # is given the work: owes duties, is told as one of those in charge
    SIGNERS = "signers"  # signs approvals, is asked to


@dataclass(frozen=True, slots=True)
class Separation:
    """The members of the group facts `of` are kept from the parts `apart`. `steps` narrows what they may not take;
    empty: every step of the house but the one that opens the case. Whoever is meant may still say so himself: the
    facts count as they stood before the step. An opener is kept from opening a case that names him: there they count
    as they are stated."""

    code: str
    says: str
    clauses: tuple[str, ...]
    of: tuple[str, ...]
    apart: tuple[Part, ...]
    steps: tuple[str, ...] = ()

    def keeps_from(self, step: Step) -> bool:
        """Whether the step is one that those who are meant may not take."""
        if step.starts_case:
            return Part.OPENER in self.apart
        part = Part.TAKER if step.approval is None else Part.SIGNERS
        return part in self.apart and (not self.steps or step.code in self.steps)
