"""How a document is laid out on paper: what the language takes, and what it says of mistakes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kesu.policy.errors import Problem
from kesu.policy.loader import load_pack
from kesu.policy.model.printing import CellSource, Layout, PersonPart
from tests.policy.language.conftest import Files

Broken = Callable[..., tuple[Problem, ...]]

FORM = '  plan_form: {name: 方案单, fields: [plan], signatures: [clerk], clause: "4"}'
OPENING = '  plan_form: {name: 方案单, fields: [plan], signatures: [clerk], clause: "4", print: '


def laid_out(files: Files, layout: str) -> Layout:
    text = files["sample"]["request.yaml"]
    assert FORM in text
    files["sample"]["request.yaml"] = text.replace(FORM, OPENING + layout + "}")
    found = load_pack(files, "sample").kinds["request"].documents["plan_form"].layout
    assert found is not None
    return found


def test_it_lays_out_rows_of_up_to_three_cells_and_tables_of_approvals(files: Files) -> None:
    layout = laid_out(
        files,
        "{sections: [{title: 方案, rows: [[cost, dept, {case: level, name: 等级}], plan, {each: plan, lines: 4}]}, "
        "{approvals: [plan]}], says: 请核对, signatures: {clerk: 经办人}}",
    )
    first, second = layout.sections
    assert [[(cell.source, cell.code, cell.name) for cell in row] for row in first.rows] == [
        [(CellSource.FACT, "cost", "费用"), (CellSource.FACT, "dept", "责任部门"), (CellSource.CASE, "level", "等级")],
        [(CellSource.FACT, "plan", "方案")],
        [(CellSource.EACH, "plan", "方案")],
    ]
    assert first.title == "方案"
    assert first.rows[2][0].lines == 4
    assert second.approvals == ("plan",)
    assert (layout.says, dict(layout.labels)) == ("请核对", {"clerk": "经办人"})


def test_it_heads_a_part_of_a_person_and_room_for_handwriting(files: Files) -> None:
    layout = laid_out(
        files,
        "{sections: [{rows: [[{fact: visitor, part: 姓名}, {fact: visitor, part: 电话}], {blank: 补充, lines: 3}, "
        "[{time_of: plan.submitted, name: 提交时间}, {done_by: plan.submitted, name: 提交人}]]}]}",
    )
    (person, phone), (blank,), (when, who) = layout.sections[0].rows
    assert (person.name, person.part) == ("来人", PersonPart.NAME)
    assert (phone.name, phone.part) == ("联系电话", PersonPart.PHONE)
    assert (blank.source, blank.name, blank.lines) == (CellSource.BLANK, "补充", 3)
    assert (when.code, who.name) == ("plan.submitted", "提交人")


def test_it_leaves_the_text_of_a_pack_alone_that_lays_nothing_out(files: Files) -> None:
    """The digest under which cases run must not move because the language has grown."""
    pack = load_pack(files, "sample")
    assert pack.kinds["request"].documents["plan_form"].layout is None
    assert '"plan_form":{"name":"方案单","fields":["plan"],"signatures":["clerk"],"clause":"4"}' in pack.canonical
    assert '"print"' not in pack.canonical


MISTAKES = [
    ("unknown fact", "{sections: [{rows: [plann]}]}", "没有事实 plann", "是不是 plan（方案）？"),
    (
        "unknown fact in a cell",
        "{sections: [{rows: [{each: plann}]}]}",
        "rows[1].each（逐一）",
        "是不是 plan（方案）？",
    ),
    ("unknown word of the case", "{sections: [{rows: [{case: levels}]}]}", '没有"levels"', "level"),
    ("unknown event", "{sections: [{rows: [{time_of: plan.submited, name: x}]}]}", "没有事件", "plan.submitted"),
    ("unknown approval", "{sections: [{approvals: [plans]}]}", "没有审批 plans", "plan（方案审批）"),
    ("event without a heading", "{sections: [{rows: [{time_of: plan.submitted}]}]}", "缺少 name（名称）", ""),
    ("two contents", "{sections: [{rows: [{fact: plan, case: level}]}]}", "只要写一种内容", "fact each case"),
    ("no content", "{sections: [{rows: [{name: 方案}]}]}", "只要写一种内容", ""),
    ("four cells", "{sections: [{rows: [[plan, cost, dept, sort]]}]}", "一行最多 3 格", ""),
    ("too many lines", "{sections: [{rows: [{fact: plan, lines: 41}]}]}", "1 到 40", ""),
    ("part of no person", "{sections: [{rows: [{fact: plan, part: 电话}]}]}", "只有人（person）", ""),
    ("unknown part", "{sections: [{rows: [{fact: visitor, part: 手机}]}]}", '没有"手机"', "姓名、电话"),
    ("label of nobody", "{sections: [{rows: [plan]}], signatures: {chief: 主管}}", "不在这份文书的 signatures", ""),
    ("no sections", "{says: 请核对}", "缺少 sections（章节）", ""),
    ("empty sections", "{sections: []}", "一行也没有", ""),
    ("empty rows", "{sections: [{rows: []}]}", "一行也没有", ""),
    ("rows and approvals", "{sections: [{rows: [plan], approvals: [plan]}]}", "二者取一", ""),
    ("neither", "{sections: [{title: 方案}]}", "二者取一", ""),
    ("unknown key", "{sections: [{row: [plan]}]}", "没有 row 这个键", "是不是 rows（行）？"),
    ("section that is a word", "{sections: [plan]}", "这里应是「键: 值」的表", ""),
]


@pytest.mark.parametrize(("layout", "said", "helped"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_it_answers_a_mistake_in_a_layout(broken: Broken, layout: str, said: str, helped: str) -> None:
    told = "\n".join(str(problem) for problem in broken((FORM, OPENING + layout + "}")))
    assert "documents.plan_form.print" in told
    assert said in told
    assert helped in told
