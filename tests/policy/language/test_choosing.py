"""Who may be chosen for a group, how many, and who holds the case then: how it is written, told and tried."""

from __future__ import annotations

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.model.facts import Among
from kesu.policy.model.pack import Kind
from kesu.policy.mutants import mutants
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

FILE = "complaint.yaml"
HANDLER = "among: {of: task_dept}, most: 1"
COORDINATOR = "most: 1, in_charge: 是"
LAYER = "  task_note: {name: 附言, type: text, per: task_from, clause: '1'}\n"
GIVES = "asks: [task_dept, task_handler, task_due]"
COUNT = "  times_returned:"
ALSO = (COUNT, f"  task_helper: {{name: 帮手, type: group, most: 1, in_charge: 是, clause: '1'}}\n{COUNT}")


def tasking(*lines: tuple[str, str]) -> Kind:
    return changed("tasking", FILE, *lines).kinds["complaint"]


def said(*lines: tuple[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        tasking(*lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_it_is_told_and_tried() -> None:
    kind = tasking((HANDLER, "among: {role: [cs_specialist, cs_manager], of: task_dept}, most: 2"))
    assert kind.facts["task_handler"].among == Among("task_dept", ("cs_specialist", "cs_manager"))
    assert kind.in_charge == "coordinator"
    told = told_rules(kind)
    assert "从派到的部门的客服专员、客服部经理里选、最多 2 位" in told["facts.task_handler"]
    assert "最多 1 位、由其承办" in told["facts.coordinator"]
    moves = {one.move for one in mutants(kind) if one.address in {"facts.task_handler", "facts.coordinator"}}
    assert {"最多 2 位→3 位", "不再可以选客服专员", "点名的人不承办", "最多 1 位→2 位"} <= moves
    more = (HANDLER, "among: {of: task_dept}, most: 2")
    assert "每个派到的部门各记各的" in told["facts.task_due"]
    assert "不再按派到的部门分开记" in {one.move for one in mutants(kind) if one.address == "facts.task_due"}
    (change,) = changes(changed("tasking", FILE), changed("tasking", FILE, more))
    assert "最多 2 位" in change.sentence


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (HANDLER, "among: {of: task_due}, most: 1", "不是部门（unit 或 units）类型的事实"),
        (HANDLER, "among: {role: cs_manager}, most: 1", "of"),
        (HANDLER, "most: 0", "写最多几位，1 到 99 的整数"),
        (HANDLER, "most: 两位", "写最多几位，1 到 99 的整数"),
        ("办好的期限, type: time", "办好的期限, type: time, most: 1", "小组（group）"),
        (COORDINATOR, "in_charge: 是", "密封的不可以"),
        (COORDINATOR, "most: 1, in_charge: 是, lapses: task.given", "不能自动加入"),
        (*ALSO, "一件只有一位承办人"),
        ("most: 1, per: task_dept", "most: 1, per: task_result", "不能用来分开记"),
        ("办理结果, type: text", "办理结果, type: text, per: task_dept, lapses: task.given", "不能分开记"),
        (GIVES, "asks: [task_handler, task_due]", "按派到的部门分开记，这一步没有说是哪一个"),
        (
            COUNT,
            f"  task_from: {{name: 转来的部门, type: unit, per: task_dept, clause: '1'}}\n{LAYER}{COUNT}",
            "只能分一层",
        ),
    ],
)
def test_what_cannot_be_meant_is_said(old: str, new: str, why: str) -> None:
    assert why in said((old, new))


def test_a_step_speaks_of_one_thing() -> None:
    way = "  task_way: {name: 派法, type: choice, values: [急, 缓], clause: '1'}\n"
    note = "  task_note: {name: 附言, type: text, per: task_way, clause: '1'}\n"
    assert "一步只能说一样" in said((COUNT, way + note + COUNT), (GIVES, GIVES.replace("]", ", task_way]")))
