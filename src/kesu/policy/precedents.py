"""What was usual in cases alike, and whether a figure is far from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from kesu.policy.model.measures import Far


@dataclass(frozen=True, slots=True)
class Usual:
    """Of the cases alike: how many, and their figures; nothing is usual of none."""

    count: int
    median: Decimal
    least: Decimal
    most: Decimal


def usual(values: Sequence[Decimal]) -> Usual | None:
    return Usual(len(values), Decimal(median(values)), min(values), max(values)) if values else None


def is_far(value: Decimal, found: Usual | None, far: Far | None) -> bool:
    """Whether the figure is to be explained: `far.times` the median itself is not far."""
    if found is None or far is None or found.count < far.least:
        return False
    return value > found.median * far.times or value * far.times < found.median
