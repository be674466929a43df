"""What was usual, and how far is far: on the edge and one cent beyond it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kesu.policy.model.measures import Far
from kesu.policy.precedents import Usual, is_far, usual

FAR = Far(times=2, least=5)


def test_what_is_usual_of_some_and_of_none() -> None:
    assert usual([]) is None
    assert usual([Decimal(300), Decimal(100), Decimal(200), Decimal(400)]) == Usual(
        4, Decimal(250), Decimal(100), Decimal(400)
    )


@pytest.mark.parametrize(
    ("value", "count", "far"),
    [
        ("2000", 5, False), ("2000.01", 5, True), ("500", 5, False), ("499.99", 5, True), ("0", 5, True),
        ("9000", 4, False), ("9000", 5, True),
    ],
)  # fmt: skip
def test_twice_the_median_is_not_far_and_a_cent_more_is(value: str, count: int, far: bool) -> None:
    found = Usual(count, Decimal(1000), Decimal(1), Decimal(9999))
    assert is_far(Decimal(value), found, FAR) is far


def test_nothing_is_far_where_the_policy_says_nothing_or_nothing_is_known() -> None:
    assert not is_far(Decimal(9000), Usual(9, Decimal(1), Decimal(1), Decimal(1)), None)
    assert not is_far(Decimal(9000), None, FAR)
    assert not is_far(Decimal(0), Usual(9, Decimal(0), Decimal(0), Decimal(0)), FAR)
