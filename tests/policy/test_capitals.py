"""Amounts written out: what banks ask for, and nothing else reads as it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.capitals import in_capitals

FIGURES = {sign: figure for figure, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "零元整"),
        ("-0.00", "零元整"),
        ("0.5", "伍角整"),
        ("0.02", "贰分"),
        ("10", "壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("1000000", "壹佰万元整"),
        ("100000001", "壹亿零壹元整"),
        ("200030000", "贰亿零叁万元整"),
        ("1234567890.12", "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("-18968", "负壹万捌仟玖佰陆拾捌元整"),
        ("-0.001", "零元整"),
    ],
)
def test_an_amount_is_written_out_as_on_a_cheque(amount: str, said: str) -> None:
    assert in_capitals(Decimal(amount)) == said


@given(st.decimals(-(10**15), 10**15, places=2))
def test_what_is_written_out_reads_back_as_the_amount(amount: Decimal) -> None:
    assert read_back(in_capitals(amount)) == amount


@given(st.decimals(0, 10**15, places=2))
def test_no_gap_is_said_twice_and_the_end_is_always_shut(amount: Decimal) -> None:
    said = in_capitals(amount)
    assert "零零" not in said
    assert said.endswith(("整", "分"))


def test_more_than_a_cheque_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="1E"):
        in_capitals(Decimal("1E16"))


def read_back(said: str) -> Decimal:
    """The other way round, figure by figure."""
    found = re.fullmatch(r"(负)?(?:(.+)元)?(?:零?(?:(.)角)?(?:零?(.)分)?)整?", said)
    assert found is not None, said
    sign, whole, tenths, cents = found.groups()
    amount = (
        Decimal(_whole(whole or "")) + Decimal(FIGURES[tenths or "零"]) / 10 + Decimal(FIGURES[cents or "零"]) / 100
    )
    return -amount if sign else amount


def _whole(said: str) -> int:
    """亿 multiplies everything before it, also another 万."""
    high, sign, low = said.rpartition("亿")
    if sign:
        return _whole(high) * 10**8 + _whole(low)
    high, sign, low = said.rpartition("万")
    if sign:
        return _group(high) * 10**4 + _group(low)
    return _group(said)


def _group(said: str) -> int:
    pairs = re.findall("([零壹贰叁肆伍陆柒捌玖])([拾佰仟]?)", said)
    return sum(FIGURES[figure] * PLACES.get(place, 1) for figure, place in pairs)
