"""Merging, taking back, what the program takes by itself and waiting for named cases as they are written: mistakes, how
they are told back and tried."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.mutants import mutants
from kesu.policy.ruleset import rules_of
from kesu.policy.telling.aspects import aspects_of
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

NAMES = "named_closed: [part_case]"
UNDO = '{by: author, within: {param: own_undo}, clause: "2.1"}, {by: cs_manager, clause: "2.2"}'


@pytest.mark.parametrize(
    ("old", "new", "said", "helped"),
    [
        ("merges: merged_into", "merges: merge_reason", "不是另一件诉件（case）类型的事实", "不知道并入哪一件"),
        ("merges: merged_into", "merges: merged_in", "没有事实 merged_in", "merged_into"),
        ("asks: [merged_into, merge_reason]", "asks: [merge_reason]", "这一步不填 merged_into", "请写进 asks"),
        ("public: 已并入另一件办理, aside: 是, final: 是", "aside: 是", "这一件就不再另办", "final: 是"),
        (UNDO, "{within: 1天}", "缺少 by", ""),
        (UNDO, "{by: cs_boss}", "没有角色 cs_boss", ""),
        (NAMES, "named_closed: [merge_reason]", "merge_reason（并案的理由）不是另一件诉件", "没有点名哪一件"),
        (NAMES, "named_closed: [parts]", "没有事实 parts", ""),
    ],
)
def test_a_mistake_is_told_with_what_to_write(old: str, new: str, said: str, helped: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("merging", "complaint.yaml", (old, new))
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert said in told
    assert helped in told


def test_what_moves_a_case_is_not_taken_back() -> None:
    moves = "moves_to: receiving_authority"
    with pytest.raises(PackInvalid) as caught:
        changed("p05", "complaint.yaml", (moves, f"{moves}, undo: {{by: author}}"))
    assert "这一步不能撤销：案件已经移交。" in str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("old", "new", "said", "helped"),
    [
        ("answers: case.repeated", "answers: case.closed", "case.closed 不是外部事件", "case.repeated"),
        ("name: 又来投诉，重新处理, by: system", "name: 又来投诉，重新处理, by: cs_manager", "里没有 system", ""),
        ("asks: [repeated_by]", "asks: [demand]", "它要填 demand（客户诉求），case.repeated 没有带来", ""),
    ],
)
def test_what_the_program_cannot_take_by_itself_is_refused(old: str, new: str, said: str, helped: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("p08", "complaint.yaml", (old, new))
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert said in told
    assert helped in told


def test_what_the_program_takes_by_itself_is_told_and_tried() -> None:
    kind = read_library().load("p08").kinds["complaint"]
    said = "办结后又来投诉，办得了的由程序自己办"
    assert said in told_rules(kind)["steps.take_up_again"]
    rule = next(rule for rule in rules_of(kind) if rule.address == "steps.take_up_again")
    assert said in str(aspects_of(kind, rule)["程序自己办"])
    assert "程序不再自己办" in {mutant.move for mutant in mutants(kind) if mutant.address == rule.address}


def test_they_are_told_back_compared_and_tried() -> None:
    kind = read_library().load("merging").kinds["complaint"]
    told = told_rules(kind)
    assert "并到“并入哪一件”填的那一件，人数、文件和记录随它看" in told["steps.merge"]
    assert "办这一步的人在 24小时 内可以撤销；客服部经理可以撤销" in told["steps.name_part"]
    assert "须等“子件”里点名的件都结束" in told["guards.parts_first"]
    rule = next(rule for rule in rules_of(kind) if rule.address == "steps.merge")
    assert rule.clauses == ("1.1", "1.2", "2.1")
    assert aspects_of(kind, rule)["撤销"] == "办这一步的人在 24小时 内可以撤销；客服部经理在 7天 内可以撤销"
    tried = {mutant.move for mutant in mutants(kind) if mutant.address == "steps.merge"}
    assert {"不再并入", "办这一步的人不能撤销", "客服部经理不能撤销"} <= tried
