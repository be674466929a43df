"""A step that moves a case as it is written: what is told about mistakes, how it is told back and tried."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.mutants import mutants
from kesu.policy.ruleset import rules_of
from kesu.policy.telling.aspects import aspects_of
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

MOVES = "moves_to: receiving_authority"
ASKS = "asks: [jurisdiction_level, receiving_authority, transfer_reason]"


@pytest.mark.parametrize(
    ("old", "new", "said", "helped"),
    [
        (
            MOVES,
            "moves_to: recieving_authority",
            "没有事实 recieving_authority",
            "receiving_authority（接收的主管部门）",
        ),
        (MOVES, "moves_to: transfer_reason", "不是单位（unit）类型的事实", "不知道移交到哪里"),
        (MOVES, "moves_to: {sight: lost}", "缺少 fact（事实）", ""),
        (MOVES, "moves_to: {fact: receiving_authority, sight: gone}", '没有"gone"这个写法', "kept、lost"),
        (
            ASKS,
            "asks: [jurisdiction_level, transfer_reason]",
            "这一步不填 receiving_authority",
            "请写进 asks（必填事实）",
        ),
    ],
)
def test_a_mistake_is_told_with_what_to_write(old: str, new: str, said: str, helped: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("p05", "complaint.yaml", (old, new))
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert said in told
    assert helped in told


def test_the_step_that_opens_a_case_moves_it_nowhere() -> None:
    opening = "receive: {change: {name: 接收投诉, asks: [channel,"
    moved = "receive: {change: {name: 接收投诉, moves_to: receiving_authority, asks: [receiving_authority, channel,"
    with pytest.raises(PackInvalid) as caught:
        changed("p05", "complaint.yaml", (opening, moved))
    assert "开立案件的那一步不能移交" in str(caught.value.problems[0])


def test_it_is_told_back_in_a_sentence_compared_and_tried() -> None:
    kind = read_library().load("p05").kinds["complaint"]
    assert "办后移交到接收的主管部门，编号不变，办过的人还看得到。" in told_rules(kind)["steps.transfer"]
    rule = next(rule for rule in rules_of(kind) if rule.address == "steps.transfer")
    assert aspects_of(kind, rule)["移交"] == "移交到接收的主管部门，编号不变，办过的人还看得到"
    assert "不再移交" in {mutant.move for mutant in mutants(kind) if mutant.address == "steps.transfer"}
