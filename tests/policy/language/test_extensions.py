"""An extension that is approved, as it is written: mistakes, how it is told back, what is tried on it."""

from __future__ import annotations

import json

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.language.texts import words_of
from kesu.policy.mutants import mutants
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

ORDER = "work_order.yaml"
RULE = "extension: {event: extension.asked, approval: extension, length: {fact: new_finish_on}"


@pytest.mark.parametrize(
    ("old", "new", "said", "helped"),
    [
        ("approval: extension,", "approval: longer,", "没有审批 longer", ""),
        ("of: extension.asked,", "of: order.passed_on,", "不从申请延期的事件 extension.asked 开始",
         "of 里写 extension.asked"),
        ("chain: [customer_service], conflict: block, ", "chain: [customer_service], conflict: warn, ",
         "审批 extension（客户认可延期）让申请的人自己也能批", "写成 block，或者不写"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_to_write(old: str, new: str, said: str, helped: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("s16", ORDER, (old, new))
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert said in told
    assert helped in told


HELD = (
    "pauses: [{name: 等客户选砖, while: {trades: 多工种}, limit: 10天, approval: extension, clause: 3.4.5g}], "
    "slower: [{name: 台风停工, while: {trades: 单工种}, factor: 1.5, clause: 3.4.5g}], "
)


def test_what_holds_a_clock_up_is_told_back_named_for_translators_and_tried() -> None:
    pack = changed("s16", ORDER, (RULE, HELD + RULE))
    kind = pack.kinds["work_order"]
    told = told_rules(kind)["duties.repair"]
    assert "；等客户选砖：工种为多工种时，经“客户认可延期”批准停表，最多 10天" in told
    assert "；台风停工：工种为单工种时时限放慢，1.5 倍的时间算一倍" in told
    words = words_of(json.loads(pack.canonical))
    assert words["work_order.duties.repair.slower.台风停工"] == "台风停工"
    moves = {mutant.move for mutant in mutants(kind) if mutant.address == "duties.repair"}
    assert {"不再等客户选砖", "等客户选砖不用“客户认可延期”", "台风停工3/2→5/4"} <= moves


@pytest.mark.parametrize(
    ("old", "new", "said", "helped"),
    [
        ("factor: 1.5", "factor: 1", '"1"不能放慢', "大于 1 的数"),
        ("factor: 1.5", "factor: 很慢", '"很慢"不能放慢', "2 是慢一半"),
        ("factor: 1.5, ", "", "缺少 factor（慢几倍）", ""),
        ("limit: 10天, approval: extension", "limit: 10天, approval: exten", "没有审批 exten", "extension"),
    ],
)
def test_a_mistake_in_what_holds_a_clock_up_is_told_with_what_to_write(old, new, said, helped) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("s16", ORDER, (RULE, HELD.replace(old, new) + RULE))
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert said in told
    assert helped in told


def test_it_is_told_back_with_who_approves() -> None:
    kind = changed("s16", ORDER).kinds["work_order"]
    assert "；申请延长维修时间以后，经“客户认可延期”批准，按延长到延期；" in told_rules(kind)["duties.repair"]


def test_an_extension_without_its_approval_is_tried() -> None:
    kind = changed("s16", ORDER, (f"{RULE},", f"{RULE}, times: 2,")).kinds["work_order"]
    moves = {mutant.move for mutant in mutants(kind) if mutant.address == "duties.repair"}
    assert {"延期不用“客户认可延期”", "延期最多2次→1次", "延期最多2次→3次"} <= moves
