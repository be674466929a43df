"""Samples: cases that the program draws by lot out of those that count in a measure, for somebody to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from kesu.policy.model.conditions import Condition, Moment
from kesu.policy.model.measures import MeasureRef, Span

DRAWN_WORD: Final = "drawn"
"""In `brings`: how many were drawn."""
BASE_WORD: Final = "base"
"""In `brings`: out of how many."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many are drawn: a `count`, or a `share` in per cent, rounded up; not fewer than `at_least` and not more than
    `at_most`, and never more than there are."""

    count: int | None = None
    share: Decimal | None = None
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """When a start moment occurs and `when` holds, the program draws by lot out of the cases that count in the measure
    `of` and lie where this one does or below it; of those of `period` only, where one is given. What is drawn stands in
    the log from then on: later moments draw only while nothing has been drawn. `case` is the fact in which the events
    `done` (it has been looked at) and `given_up` (it could not be) name one of the drawn; the next in the order of the
    draw takes the place of one that is given up. `brings`: own fact of type number → `drawn` or `base`."""

    code: str
    name: str
    clauses: tuple[str, ...]
    starts: tuple[Moment, ...]
    of: MeasureRef
    size: Size
    case: str
    done: str
    given_up: str | None = None
    period: Span | None = None
    when: Condition | None = None
    brings: Mapping[str, str] = field(default_factory=dict)
    unclear: str | None = None
    reading: str | None = None
