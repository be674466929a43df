"""What figure is made of the cases that count in a measure. Pure, and exact to the places that people read."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from kesu.policy.model.measures import Figure

_PLACES: Final = {Figure.SHARE: Decimal("0.1"), Figure.MEAN: Decimal("0.01"), Figure.SUM: Decimal("0.01")}
_HUNDRED: Final = Decimal(100)


def figure_of(figure: Figure, count: int, total: Decimal) -> int | Decimal | None:
    """`count`: how many cases count; `total`: of their values. A share is in per cent with one place, a mean and a sum
    have two. None: a share or a mean of nothing."""
    if figure is Figure.COUNT:
        return count
    if figure is Figure.SUM:
        return total.quantize(_PLACES[figure], ROUND_HALF_UP)
    if not count:
        return None
    share = total * _HUNDRED / count if figure is Figure.SHARE else total / count
    return share.quantize(_PLACES[figure], ROUND_HALF_UP)
