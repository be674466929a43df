"""Values in levels: a rule that names a node holds for everything below it."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.language.source import read_yaml
from kesu.policy.language.trees import grown, paths_of
from kesu.policy.loader import load_pack
from kesu.policy.model.conditions import Comparison, Condition, FactTest
from kesu.policy.model.trees import nodes_of, told
from kesu.policy.standing.asked import holds_of
from kesu.policy.telling.rules import told_rules
from kesu.policy.values import NotTheLastLevel, ValueUnreadable, parse
from tests.own_packs import changed

FLAT = "values: [设计, 材料, 施工, 成品保护, 销售承诺, 合同, 服务, 使用, 其他]"
BESIDE = ("成品保护", "销售承诺", "合同", "服务", "使用", "其他")
TREE = f"values: {{设计: {{结构: [梁, 板], 防水: []}}, 施工: [材料, 工艺], {': [], '.join(BESIDE)}: []}}"
MATERIAL = ("{cause: 材料}", "{cause: 施工/材料}")


def classed(written: str = "施工", values: str = TREE, *more: tuple[str, str]) -> Condition | None:
    """The condition of one measure of a policy whose root causes stand in levels."""
    swaps = (
        (FLAT, values),
        *((MATERIAL,) if "材料" in values and "{" in values else ()),
        ("{cause: 设计}", f"{{cause: {written}}}"),
    )
    return changed("causes", "complaint.yaml", *swaps, *more).kinds["complaint"].measures["cause_design"].when


def said_of(written: str = "施工", values: str = TREE, *more: tuple[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        classed(written, values, *more)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_a_node_holds_for_all_below_it_and_for_nothing_beside_it() -> None:
    assert classed("设计/结构") == FactTest("cause", Comparison.WITHIN, ("设计/结构",))
    found = classed("[设计/结构, 施工]")
    assert found is not None
    held = [
        value
        for value in ("设计/结构/梁", "设计/防水", "施工/工艺", "施工队", "其他")
        if holds_of(found, {"cause": value})
    ]
    assert held == ["设计/结构/梁", "施工/工艺"]
    assert classed("未填") == FactTest("cause", Comparison.UNSTATED)


def test_the_last_level_is_chosen_and_the_middle_only_where_the_policy_says_so() -> None:
    swaps = ((FLAT, TREE), MATERIAL)
    fact = changed("causes", "complaint.yaml", *swaps).kinds["complaint"].facts["cause"]
    assert fact.values == ("设计/结构/梁", "设计/结构/板", "设计/防水", "施工/材料", "施工/工艺", *BESIDE)
    assert parse(fact, "设计/结构/梁") == "设计/结构/梁"
    with pytest.raises(NotTheLastLevel, match="设计/结构/梁、设计/结构/板"):
        parse(fact, "设计/结构")
    with pytest.raises(ValueUnreadable, match="设计、施工、成品保护"):
        parse(fact, "梁")
    inner = changed("causes", "complaint.yaml", (FLAT, TREE + ", inner: 是"), *swaps[1:]).kinds["complaint"]
    assert parse(inner.facts["cause"], "设计/结构") == "设计/结构"
    assert nodes_of(fact.values) == inner.facts["cause"].values
    assert "中间的一级也可选" in told_rules(inner)["facts.cause"]


def test_the_policy_in_print_shows_the_tree() -> None:
    assert told(nodes_of(("设计/结构/梁", "设计/结构/板", "设计/防水", "其他"))) == "设计（结构（梁、板）、防水）、其他"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("结构",), '没有"结构"这一级。是不是 设计/结构？'),
        (("[设计, 设计/防水]",), "“设计/防水”已经在列出的上一级里"),
        (("施工", TREE + ", ordered: 是"), "分级的可选值没有高低，不能同时写 ordered"),
        (("施工", TREE, ("type: choice", "type: choices")), "只有单选（choice）类型的事实可以分级"),
        (("施工", FLAT + ", inner: 是"), "可选值不分级，没有中间的一级，不写 inner"),
        (("施工", TREE.replace("工艺", "工艺/做法")), "“工艺/做法”不能作一级的名称"),
        (("施工", TREE.replace("工艺", "未填")), "可选值不能用专用词：未填"),
        (("施工", TREE.replace("工艺", "材料")), "同一级里“材料”写了两次"),
        (("施工", TREE.replace("工艺", "工" * 200)), "各级名称连起来最多 200 个字"),
        (("施工", TREE + ", default: 设计/结构"), "“设计/结构”下面还有一级，要选到最下面一级"),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_tree_is_told_with_its_place(given: tuple[object, ...], said: str) -> None:
    told_of = said_of(*given)
    assert said in told_of
    assert "packs/causes/complaint.yaml:" in told_of


def test_a_company_sets_its_own_tree_one_way_a_line() -> None:
    texts = read_library().texts
    own = load_pack(texts, "classes", {"issue_tree": "房屋质量/渗漏/屋面\r\n房屋质量/保温\r\n物业服务"})
    assert own.kinds["complaint"].facts["issue"].values == ("房屋质量/渗漏/屋面", "房屋质量/保温", "物业服务")
    assert own.parameters["issue_tree"].shown == "房屋质量（渗漏（屋面）、保温）、物业服务"
    assert own.hash != load_pack(texts, "classes").hash
    with pytest.raises(PackInvalid, match="不能少了 房屋质量/渗漏：有规则要用"):
        load_pack(texts, "classes", {"issue_tree": "房屋质量/保温\n物业服务"})


def test_an_overlay_lets_a_tree_grow() -> None:
    below = {"causes": TREE, "grown": "{设计: {防水: [屋面]}, 气候: []}"}
    old, more = (read_yaml(name, text.removeprefix("values: "), []) for name, text in below.items())
    assert old is not None
    assert more is not None
    found = paths_of(grown(old, more), inner=False)
    assert found[:3] == ("设计/结构/梁", "设计/结构/板", "设计/防水/屋面")
    assert found[-1] == "气候"
