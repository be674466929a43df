"""Choices that stand from the lowest to the highest: a rule says “from this one on” instead of listing them."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.model.conditions import AnyOf, Comparison, Condition, FactTest
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

WRITTEN = "{severity: {at_least: 重要}}"


def severity_test(written: str) -> Condition | None:
    kind = changed("p11", "complaint.yaml", (WRITTEN, f"{{severity: {written}}}")).kinds["complaint"]
    when = kind.guards["serious_why"].when
    assert isinstance(when, AnyOf)
    return when.parts[0]


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("{at_least: 重要}", ("重要", "热点", "重大")),
        ("{above: 重要}", ("热点", "重大")),
        ("{at_most: 重要}", ("一般", "重要")),
        ("{below: 重要}", ("一般",)),
        ("{at_least: 重大}", ("重大",)),
    ],
)
def test_a_bound_means_the_values_on_its_side(written: str, values: tuple[str, ...]) -> None:
    assert severity_test(written) == FactTest("severity", Comparison.IN, values)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{at_least: 一般}", "程度 at_least（至少） 一般，总是成立"),
        ("{above: 重大}", "永远不会成立"),
        ("{at_least: 热点, below: 热点}", "这个范围里没有值，永远不会成立"),
        ("{at_least: 严重}", '没有"严重"这个值'),
    ],
)
def test_a_bound_that_says_nothing_is_told(written: str, said: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        severity_test(written)
    assert said in "\n".join(str(problem) for problem in caught.value.problems)


def test_without_an_order_a_choice_has_no_bounds() -> None:
    with pytest.raises(PackInvalid, match="severity（程度）没有大小"):
        changed("p11", "complaint.yaml", (", ordered: 是", ""))
    with pytest.raises(PackInvalid, match="只有单选（choice）类型的事实有次序"):
        changed("p11", "complaint.yaml", ("type: choice, values: [一般, 重要", "type: choices, values: [一般, 重要"))


def test_it_is_told_back_with_its_values() -> None:
    told = told_rules(read_library().load("p11").kinds["complaint"])
    assert "程度为重要或热点或重大" in told["guards.serious_why"]
    assert "一般、重要、热点、重大，由低到高" in told["facts.severity"]
