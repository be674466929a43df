"""Fact values as people write them and as they are stored."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.policy.model.facts import STATED, Fact, FactType
from kesu.policy.values import ValueUnreadable, fits, from_document, parse, to_document

COLOURS = ("红", "蓝")


def fact(type_: FactType) -> Fact:
    return Fact("f", "名", type_, values=COLOURS if type_ in {FactType.CHOICE, FactType.CHOICES} else ())


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (FactType.TEXT, "厨房漏水", STATED),
        (FactType.FLAG, "是", True),
        (FactType.FLAG, "否", False),
        (FactType.NUMBER, "3", 3),
        (FactType.NUMBER, "-2.50", Decimal("-2.50")),
        (FactType.MONEY, "20000元", Decimal(20000)),
        (FactType.MONEY, "2万元", Decimal(20000)),
        (FactType.MONEY, "1,234.5", Decimal("1234.50")),
        (FactType.MONEY, "0.5万", Decimal(5000)),
        (FactType.MONEY, "10000亿元", Decimal(10) ** 12),
        (FactType.DATE, "2026-07-02", date(2026, 7, 2)),
        (FactType.TIME, "2026-07-02 16:00", datetime(2026, 7, 2, 8, tzinfo=UTC)),
        (FactType.TIME, "2026-07-02T16:00:30", datetime(2026, 7, 2, 8, 0, 30, tzinfo=UTC)),
        (FactType.TIME, "2026-07-02T16:00:00+00:00", datetime(2026, 7, 2, 16, tzinfo=UTC)),
        (FactType.CHOICE, " 红 ", "红"),
        (FactType.CHOICES, "红、蓝、红", ("红", "蓝")),
        (FactType.CHOICES, ["蓝"], ("蓝",)),
        (FactType.PERSON, "甲", "甲"),
        (FactType.UNIT, ["u1"], "u1"),
        (FactType.CASE, "c1", "c1"),
        (FactType.UNITS, "a1、b2", ("a1", "b2")),
        (FactType.GROUP, "vp:丁，legal:", ("vp:丁", "legal:")),
        (FactType.FILE, "2", 2),
        (FactType.FILE, ["a", "b", "c"], 3),
    ],
)
def test_it_reads_what_people_write(type_: FactType, text: str | list[str], value: object) -> None:
    found = parse(fact(type_), text)
    assert found == value
    assert type(found) is type(value)
    assert fits(fact(type_), found)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        *((type_, "") for type_ in FactType),
        *((type_, "  ") for type_ in FactType),
        (FactType.FLAG, "true"),
        (FactType.NUMBER, "三"),
        (FactType.NUMBER, "1e3"),
        (FactType.NUMBER, "9" * 40),
        (FactType.MONEY, "19999.999元"),
        (FactType.MONEY, "-5元"),
        (FactType.MONEY, "1,23元"),
        (FactType.MONEY, "9" * 40),
        (FactType.MONEY, "100000000亿"),
        (FactType.MONEY, "1000000000000.01"),
        (FactType.DATE, "2026-7-2"),
        (FactType.DATE, "2026-02-30"),
        (FactType.TIME, "2026-07-02"),
        (FactType.TIME, "2026-07-02 25:00"),
        (FactType.TIME, "0001-01-01 00:00"),
        (FactType.CHOICE, "绿"),
        (FactType.CHOICES, "红、绿"),
        (FactType.CHOICES, "、"),
        (FactType.PERSON, "长" * 201),
        (FactType.UNIT, ["u1", "u2"]),
        (FactType.FILE, "0"),
    ],
)
def test_it_says_what_it_expected_instead(type_: FactType, text: str | list[str]) -> None:
    with pytest.raises(ValueUnreadable) as unreadable:
        parse(fact(type_), text)
    assert unreadable.value.code == "f"
    assert unreadable.value.expected


TOKENS = st.text(min_size=1, max_size=20)
VALUES = {
    FactType.TEXT: st.just(STATED),
    FactType.NUMBER: st.integers(-(10**15), 10**15) | st.decimals(-(10**9), 10**9, places=4),
    FactType.MONEY: st.decimals(0, 10**12, places=2),
    FactType.DATE: st.dates(),
    FactType.TIME: st.datetimes(timezones=st.just(UTC)),
    FactType.CHOICE: st.sampled_from(COLOURS),
    FactType.CHOICES: st.lists(st.sampled_from(COLOURS), unique=True).map(tuple),
    FactType.FLAG: st.booleans(),
    FactType.PERSON: TOKENS,
    FactType.UNIT: TOKENS,
    FactType.UNITS: st.lists(TOKENS).map(tuple),
    FactType.GROUP: st.lists(TOKENS).map(tuple),
    FactType.FILE: st.integers(1, 99),
    FactType.CASE: TOKENS,
}


@pytest.mark.parametrize("type_", list(FactType))
def test_it_stores_every_value_without_loss(type_: FactType) -> None:
    @given(VALUES[type_])
    def holds(value: object) -> None:
        stored = json.loads(json.dumps(to_document(value)))
        found = from_document(fact(type_), stored)
        assert found == value
        assert type(found) is type(value)
        assert str(found) == str(value)
        assert fits(fact(type_), found)

    holds()


@pytest.mark.parametrize("value", ["effect/key@1", 7, ("a", "b"), True])
def test_it_stores_what_no_pack_declares(value: object) -> None:
    assert from_document(None, json.loads(json.dumps(to_document(value)))) == value


@pytest.mark.parametrize(
    ("type_", "stored"), [(FactType.DATE, "gestern"), (FactType.MONEY, "viel"), (FactType.FLAG, "是")]
)
def test_it_refuses_a_stored_text_that_is_no_such_value(type_: FactType, stored: str) -> None:
    with pytest.raises(ValueUnreadable):
        from_document(fact(type_), stored)
