"""Separations as they are written: what is told about one that could never refuse anybody."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.model.separations import Part
from kesu.policy.mutants import mutants
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

RULE = "not_in_own_case: {of: accused, apart: [taker, holder]"
P07 = "complaint.yaml"
W01 = "whistle_report.yaml"


def problems(code: str, file: str, *lines: tuple[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        changed(code, file, *lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("written", "said", "helped"),
    [
        ("{of: accused, apart: [takers, holder]", '没有"takers"这个写法', "taker、holder、signers"),
        ("{of: person, apart: [taker]", "不是小组（group）类型", "由人选出本单位人员的小组"),
        ("{of: accused, apart: [holder, signers]", "没有人签", "请去掉 signers"),
        ("{of: accused, apart: [taker], steps: [withdraws]", "没有步骤 withdraws", "是不是 withdraw（撤回）？"),
        ("{of: accused, apart: [holder], steps: [register]", "只管谁来办", ""),
        ("{apart: [taker]", "缺少 of（所属）", ""),
    ],
)
def test_a_mistake_is_told_with_what_to_write(written: str, said: str, helped: str) -> None:
    told = problems("p07", P07, (RULE, f"not_in_own_case: {written}"))
    assert said in told
    assert helped in told


def test_one_among_sealed_groups_is_refused_because_no_log_names_them() -> None:
    told = problems(
        "w01",
        W01,
        ("\nguards:\n", "\nseparations:\n  own: {of: accused, apart: [taker], says: 回避, clause: 3a}\n\nguards:\n"),
    )
    assert "separations.own：这条回避永远拦不住谁：accused（被举报人）是密封的" in told
    assert "hidden_from" in told


def test_a_guard_that_compares_sealed_groups_or_people_of_two_kinds_is_refused() -> None:
    leader = "  leaders: {name: 听取的领导, type: group, data: sealed, clause: 10c}\n"
    told = problems(
        "w01",
        W01,
        ("  leader_told: {name", f"{leader}  leader_told: {{name"),
        ("asks: [leader_told, leader_clear]", "asks: [leader_told, leader_clear, leaders]"),
        ("unless: {leader_clear: 是}", "needs: {apart: [leaders, accused]}"),
    )
    assert "guards.leader_not_involved：这条回避永远拦不住谁" in told
    told = problems("p07", P07, ("{apart: [accused, team]}", "{apart: [person, team]}"))
    assert "客户（person）和本单位的人（group）从来不是同一个代号" in told


def test_it_is_told_back_in_a_sentence_and_each_part_of_it_is_tried() -> None:
    rule = "not_in_own_case: {of: accused, apart: [taker, holder], steps: [register, close]"
    kind = changed("p07", P07, (RULE, rule)).kinds["complaint"]
    assert kind.separations["not_in_own_case"].apart == (Part.TAKER, Part.HOLDER)
    assert told_rules(kind)["separations.not_in_own_case"] == (
        "被投诉的工作人员不办“受理”、“结案”、不承办：被投诉的人不办这一件，由别人接手。"
    )
    moves = {mutant.move for mutant in mutants(kind) if mutant.address == "separations.not_in_own_case"}
    assert moves == {"不再管 taker", "去掉"}
