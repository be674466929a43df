"""Ledgers: money that cases put into accounts and take out of them, and what an account may come to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kesu.policy.model.conditions import Moment

UNIT_OF_CASE: Final = "unit"
"""Stands in `per` for the unit to which the case belongs."""


class Beyond(StrEnum):
    """What becomes of a step that would leave an account below zero, or above its limit."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Ledger:
    """One account for each set of values of `per`, over all cases of the organisation root in which the policy of this
    code serves: the same code in another kind of the policy is the same ledger. Every moment of `plus` and `minus`
    enters what the fact `amount` holds then, in yuan with two places. `limit`: the most that an account may hold."""

    code: str
    name: str
    clauses: tuple[str, ...]
    amount: str
    per: tuple[str, ...] = ()
    plus: tuple[Moment, ...] = ()
    minus: tuple[Moment, ...] = ()
    limit: Decimal | None = None
    below_zero: Beyond = Beyond.REFUSE
    above_limit: Beyond = Beyond.REFUSE
