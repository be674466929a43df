"""Secrecy by a condition as it is written: what is told about mistakes, how it is told back, tried and compared."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.checking import look_over
from kesu.policy.errors import PackInvalid
from kesu.policy.model.rules import Who
from kesu.policy.mutants import mutants
from kesu.policy.ruleset import rules_of
from kesu.policy.telling.aspects import aspects_of
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

P06 = "complaint.yaml"
OPENED = (
    "  opened_to: [cs_specialist, cs_manager, {role: dept_head, of: responsible_dept}, {group: investigators}, "
    "legal_counsel]\n"
)
NAMED = "  named: {name: 被投诉的人, type: group, clause: 5a}\n"
WHEN = "secrecy:\n  when: {confidential: 是}\n"
SAYS = "  says: 涉及机密，只有经办这一件的人能看\n"


def problems(*lines: tuple[str, str], code: str = "p06", file: str = P06) -> str:
    with pytest.raises(PackInvalid) as caught:
        changed(code, file, *lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("lines", "said", "helped"),
    [
        ([(WHEN, "secrecy:\n")], "没有写什么时候保密", "写 when（条件）和 says（说明）"),
        ([(WHEN, "secrecy:\n  sealed: 否\n")], "没有写什么时候保密", "写 when（条件）和 says（说明）"),
        ([(WHEN, WHEN + "  sealed: 是\n")], "只能写一个", "整种案件都密封的写 sealed: 是"),
        ([(SAYS, "")], "缺少 says（说明）：看得到的人要知道为什么保密", ""),
        ([(OPENED, "")], "保密的案件要写 opened_to（开启给谁）", ""),
        ([(WHEN, "secrecy:\n  when: {confidental: 是}\n")], "没有事实 confidental", "confidential（涉及机密）"),
        ([(OPENED, "  opened_to: [cs_managr]\n")], "没有角色 cs_managr", "cs_manager（投诉接收部门负责人）"),
        ([(OPENED, "  opened_to: [cs_manager, complainant]\n")], "投诉人用自己的链接看自己的案件", "可以写角色、小组"),
        ([(OPENED, "  opened_to: [everyone]\n")], "everyone 不是本单位的岗位", ""),
        ([(OPENED, OPENED + "  hidden_from: responsible_dept\n")], "不是小组（group）类型", ""),
        (
            [("facts:\n", "facts:\n" + NAMED), (OPENED, OPENED + "  hidden_from: named\n")],
            "secrecy（保密）：这样保密落不了实：没有步骤填写 named（被投诉的人）",
            "请在一个步骤的 asks（必填事实） 或 may（可填事实） 里要它",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_to_write(lines: list[tuple[str, str]], said: str, helped: str) -> None:
    told = problems(*[(old, new) for old, new in lines])
    assert said in told
    assert helped in told


def test_a_sealed_kind_opens_to_roles_only() -> None:
    told = problems(
        (
            "use: audit_supervision}, {else: discipline}]}\n  hidden",
            "use: {group: accused}}, {else: everyone}]}\n  hidden",
        ),
        code="whistle",
        file="whistle_report.yaml",
    )
    assert "密封的案件只能开启给角色，accused 不是" in told
    assert "密封的案件只能开启给角色，everyone 不是" in told


def test_work_for_people_who_do_not_see_the_case_is_found() -> None:
    texts = {name: dict(of) for name, of in read_library().texts.items()}
    texts["p06"][P06] = texts["p06"][P06].replace(OPENED, "  opened_to: [cs_specialist, {group: investigators}]\n")
    told = [str(finding) for finding in look_over(texts, "p06")]
    assert any("义务“提供解决方案”由责任部门的责任部门负责人办，案件保密时他却看不到这一件" in one for one in told)
    assert any("审批“确认恶意投诉”由法律顾问办" in one for one in told)
    other = OPENED.replace("{role: dept_head, of: responsible_dept}", "dept_head")
    texts["p06"][P06] = read_library().texts["p06"][P06].replace(OPENED, other)
    told = [str(finding) for finding in look_over(texts, "p06")]
    assert any("义务“提供解决方案”由责任部门的责任部门负责人办，案件保密时他却看不到这一件" in one for one in told)
    assert not look_over(read_library().texts, "p06")


def test_it_is_told_back_in_a_sentence_tried_part_by_part_and_compared() -> None:
    kind = read_library().load("p06").kinds["complaint"]
    assert kind.secrecy is not None
    assert Who("", group="investigators") in kind.secrecy.opened_to.rows[0].use
    assert told_rules(kind)["secrecy"] == (
        "涉及机密为“是”时保密：只有投诉接收岗、投诉接收部门负责人、责任部门的责任部门负责人、调查人员成员、法律顾问"
        "和承办人看得到，别人连有这一件也不知道：涉及机密，只有经办这一件的人能看。"
    )
    moves = {mutant.move for mutant in mutants(kind) if mutant.address.startswith("secrecy")}
    assert {"去掉", "True→False", "不再开启给法律顾问", "不再开启给调查人员成员"} <= moves
    rule = next(rule for rule in rules_of(kind) if rule.address == "secrecy")
    assert rule.executed
    assert aspects_of(kind, rule)["何时保密"] == "涉及机密为“是”"
