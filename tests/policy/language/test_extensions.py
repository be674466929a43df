"""An extension that is approved, as it is written: mistakes, how it is told back, what is tried on it."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
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


def test_it_is_told_back_with_who_approves() -> None:
    kind = changed("s16", ORDER).kinds["work_order"]
    assert "；申请延长维修时间以后，经“客户认可延期”批准，按延长到延期；" in told_rules(kind)["duties.repair"]


def test_an_extension_without_its_approval_is_tried() -> None:
    kind = changed("s16", ORDER, (f"{RULE},", f"{RULE}, times: 2,")).kinds["work_order"]
    moves = {mutant.move for mutant in mutants(kind) if mutant.address == "duties.repair"}
    assert {"延期不用“客户认可延期”", "延期最多2次→1次", "延期最多2次→3次"} <= moves
