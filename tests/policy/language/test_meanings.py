"""What the facts of different policies mean in words that all of them share."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.model.facts import Meaning
from kesu.policy.model.meanings import meant
from kesu.policy.model.pack import Kind
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

TRUTH = "means: {verdict: {合理: 属实, 部分合理: 部分属实, 不合理: 不属实}}"


def p09(written: str = TRUTH) -> Kind:
    return changed("p09", "complaint.yaml", (TRUTH, written)).kinds["complaint"]


def test_values_of_different_facts_say_the_same_word() -> None:
    library = read_library()
    said = {
        meant(library.load(code).kinds[kind], facts).get(Meaning.VERDICT)
        for code, kind, facts in (
            ("p02", "complaint", {"demand_founded": False}),
            ("p06", "complaint", {"reasonableness": "不合理"}),
            ("p09", "complaint", {"truth": "不属实"}),
            ("l01", "lab_objection", {"reasonableness": "不合理"}),
        )
    }
    assert said == {("不合理",)}
    assert meant(p09(), {"truth": "待查"}) == {Meaning.VERDICT: ()}  # which says none of them
    assert meant(library.load("p08").kinds["complaint"], {}) == {}


def test_several_parties_are_responsible_in_the_order_of_the_words() -> None:
    kind = read_library().load("aftercare").kinds["complaint"]
    assert meant(kind, {"responsibility": ("物业", "设计")}) == {Meaning.RESPONSIBILITY: ("设计", "物业")}


def test_the_policy_in_print_says_what_counts_as_what() -> None:
    assert (
        "统计和查找时算作是否合理（合理：属实；部分合理：部分属实；不合理：不属实）" in told_rules(p09())["facts.truth"]
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("means: verdict", "是否属实的值不是共用的词：合理、部分合理、不合理"),
        ("means: guilt", "verdict"),
        ("means: {guilt: {合理: 属实}}", "没有“guilt”这种含义"),
        ("means: {verdict: {对: 属实}}", "没有“对”这个共用的词"),
        ("means: {verdict: {合理: 真的}}", '没有"真的"这个值'),
        ("means: {verdict: {合理: 属实, 不合理: 属实}}", "“属实”写了两个意思：合理、不合理"),
        ("means: {verdict: {合理: 属实}, responsibility: {设计: 属实}}", "这里写一种含义"),
        (TRUTH + ", data: restricted", "只有大家都看得到的选择或是否类的事实可以写 means"),
    ],
)
def test_what_means_nothing_is_told(written: str, said: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        p09(written)
    assert said in "\n".join(str(problem) for problem in caught.value.problems)


def test_two_facts_of_a_kind_do_not_say_the_same_thing_differently() -> None:
    with pytest.raises(PackInvalid, match="已经是这种含义，一种案件只能有一个"):
        changed(
            "p06",
            "complaint.yaml",
            (
                "facts:\n",
                "facts:\n  second: {name: 又判断一次, type: choice, values: [合理], means: verdict, clause: 3.3a}\n",
            ),
        )
