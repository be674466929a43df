# ruff: noqa: E501 (a policy that is wrong, and what is said about it, are compared more easily on one line)
"""Policies in which every rule is in order and all of them together are not, each with the sentence that it gets."""

from __future__ import annotations

import pytest

from kesu.policy.checking import look_over
from tests.policy.checking.conftest import Files

RULES = "packs/sample/request.yaml"
DUTIES, GUARDS, STEPS, FACTS = "duties:\n", "guards:\n", "steps:\n", "facts:\n"
TELL = "  tell: {name: 告知经办人"

BROKEN: list[tuple[str, list[tuple[str, str]], str]] = [
    (
        "two duties give one thing two limits",
        [(DUTIES, DUTIES + '  answer_soon: {name: 尽快答复, clause: "1", starts: case.received, owner: clerk, within: 1个工作日, met_by: request.answered}\n')],
        "46 request.duties.answer（依据 2）：从接收到答复，“尽快答复”（answer_soon，1）要求在 1个工作日内，这里要求是否紧急为“是”的，在 24小时内；其余的，在 3个工作日内：同一件事有两个期限。请留一个，或写明各管什么情况（when）。",
    ),
    (
        "a level has an approval that nobody signs",
        [("chain: [{role: chief, of: dept}, {table: [{when: {cost: {at_least: {param: ceiling}}}, use: {all: [chief, clerk]}}, {else: 略过}]}]",
          "chain: [{table: [{when: {level: focus}, use: 略过}, {else: chief}]}]")],
        "34 request.approvals.plan（依据 4）：重点件的“方案审批”一个签的人也没有。请给这一级写上签的人，或用 when 写明哪些级别要批。",
    ),
    (
        "a lower level is approved and a higher one is not",
        [("    of: plan.submitted\n", "    of: plan.submitted\n    when: {level: normal}\n")],
        "34 request.approvals.plan（依据 4）：提交方案以后，普通件要批，更高的重点件却没有人批。请把这一级写进审批的 when。",
    ),
    (
        "a chain may be left out as a whole",
        [("    of: plan.submitted\n", "    of: plan.submitted\n    nobody: skip\n")],
        "34 request.approvals.plan（依据 4）：“方案审批”没有人可签的一环都略过（nobody: skip）：每一环都没有人时，没有人签也算批准。请写 next（由下一环签，最后一环等着），或 {role: 岗位}。",
    ),
    (
        "a stage is left only by a step that nobody takes",
        [(STEPS, STEPS + '  settle: {name: 了结, by: {group: board}, from: [waiting], to: closed, event: case.settled, clause: "1"}\n  wait: {name: 等待, by: clerk, from: [working], to: waiting, event: case.put_off, clause: "1"}\n'),
         ("stages:\n", 'stages:\n  waiting: {name: 等待中, clause: "1"}\n'),
         (FACTS, FACTS + '  board: {name: 评议组, type: group, clause: "1"}\n')],
        "5 request.stages.waiting（依据 1）：“等待中”没有出路：只剩没有人能走的步骤“了结”。请让办得到的人走，或补一条出路。",
    ),
    (
        "a step waits for what cannot be done any more",
        [(STEPS, STEPS + '  settle: {name: 了结, by: clerk, from: [waiting], to: closed, event: case.settled, clause: "1"}\n  wait: {name: 等待, by: clerk, from: [working], to: waiting, event: case.put_off, clause: "1"}\n'),
         ("stages:\n", 'stages:\n  waiting: {name: 等待中, clause: "1"}\n'),
         (GUARDS, GUARDS + '  answered_first: {steps: [settle], needs: {met: [answer]}, says: 先答复再了结, clause: "2"}\n')],
        "34 request.guards.answered_first（依据 2）：“了结”要等“答复”办完，可是到了“等待中”就办不了答复，只能一直等着。请让办完它的步骤在这个阶段也可以走。",
    ),
    (
        "the customer is told of a plan before it is approved",
        [("notices:\n", 'notices:\n  done: {name: 办结告知, clause: "2", starts: case.resolved, to: complainant, text: 已办结}\n  early: {name: 方案告知, clause: "2", starts: plan.submitted, to: complainant, says: [plan], text: "{plan}"}\n')],
        "48 request.notices.early（依据 2）：“提交方案”时就把方案告诉客户，而“方案须先批准”只管别的步骤。请让通知等批准以后再发（starts），或不写这些。",
    ),
    (
        "nobody says who takes a step",
        [(STEPS, STEPS + '  inspect: {name: 抽查, by: {group: board}, from: [working], event: case.inspected, clause: "1"}\n'),
         (FACTS, FACTS + '  board: {name: 评议组, type: group, clause: "1"}\n')],
        "28 request.steps.inspect（依据 1）：“抽查”没有人能走：由“评议组”（board）说明是谁，却没有步骤填它。",
    ),
    (
        "customers may submit what they may not open",
        [(STEPS, STEPS + '  receive: {change: {by: everyone}, clause: "1"}\n')],
        "27 request.steps.receive（依据 1）：写明公众可提交（portal: 是），可是“接收”不由投诉人办，网上提交的都会被拒。请在 by 里加上 complainant，或删去 portal。",
    ),
    (
        "nothing makes the program take its step",
        [(STEPS, STEPS + '  give_up: {name: 自动办结, by: system, from: [working], to: closed, event: case.given_up, clause: "1"}\n')],
        "27 request.steps.give_up（依据 1）：“自动办结”没有人能走：只能由程序走，却没有哪个期限到了让程序走它。",
    ),
    (
        "a duty begins when what meets it is over",
        [(DUTIES, DUTIES + '  look_back: {name: 回看, clause: "1", starts: case.resolved, owner: clerk, within: 3天, met_by: request.answered}\n')],
        "44 request.duties.look_back（依据 1）：“回看”从办结起算，以答复为办完，可是从那时起再也走不到这一步，永远办不完。请改 met_by，或让步骤从那以后的阶段可以走。",
    ),
    (
        "a duty is met by a step that nobody takes",
        [(DUTIES, DUTIES + '  inspect: {name: 抽查一次, clause: "1", starts: work.started, owner: clerk, within: 3天, met_by: case.inspected}\n'),
         (STEPS, STEPS + '  inspect: {name: 抽查, by: {group: board}, from: [working], event: case.inspected, clause: "1"}\n'),
         (FACTS, FACTS + '  board: {name: 评议组, type: group, clause: "1"}\n')],
        "46 request.duties.inspect（依据 1）：“抽查一次”以抽查为办完，可是没有人能走这一步，永远办不完。",
    ),
    (
        "one post stands on both sides of a separation",
        [(GUARDS, GUARDS + '  apart: {steps: [close], needs: {apart: [team, reviewers]}, says: 复核的不能是办的人, clause: "4"}\n'),
         (FACTS, FACTS + '  reviewers: {name: 复核组, type: group, clause: "4", adds: [{when: {urgent: 是}, add: chief, clause: "4"}]}\n')],
        "32 request.guards.apart（依据 4）：“小组”和“复核组”不能是同一个人，制度却让主管两边都在：只有一个人任这个岗位时，这一步永远办不了。请换其中一边的岗位。",
    ),
    (
        "the only post that takes a step is kept from it",
        [(GUARDS, 'separations:\n  own: {of: [team], apart: [taker], steps: [audit], says: 小组的人不审自己, clause: "4"}\n' + GUARDS),
         (STEPS, STEPS + '  audit: {name: 审查, by: chief, from: [working], event: case.audited, clause: "4"}\n')],
        "32 request.separations.own（依据 4）：“小组”里的人不能办“审查”，制度却把主管放进“小组”，而这一步只有这个岗位能办。请让别的岗位也能办，或不把这个岗位放进去。",
    ),
    (
        "a guard asks for a stage in which its step is never taken",
        [(GUARDS, GUARDS + '  late_plan: {steps: [submit], when: {stage: review}, needs: {facts: [dept]}, says: 审批中不能再交, clause: "4"}\n')],
        "31 request.guards.late_plan（依据 4）：这道关卡（审批中不能再交）永远轮不到：它管的步骤不会在“审批中”阶段办。",
    ),
    (
        "a guard asks for a fact that nobody states",
        [(GUARDS, GUARDS + '  big: {steps: [close], when: {floor_area: {above: 100}}, needs: {facts: [dept]}, says: 大户型写明部门, clause: "4"}\n'),
         (FACTS, FACTS + '  floor_area: {name: 面积, type: number, clause: "4"}\n')],
        "32 request.guards.big（依据 4）：这道关卡（大户型写明部门）永远轮不到：没有步骤填写“面积”（floor_area）。",
    ),
    (
        "a guard waits for what comes too late for it",
        [(GUARDS, GUARDS + '  after_close: {steps: [submit], when: {happened: case.resolved}, needs: {facts: [dept]}, says: 办结以后写明部门, clause: "4"}\n')],
        "31 request.guards.after_close（依据 4）：这道关卡（办结以后写明部门）永远轮不到：它要等办结，而那以后不再办它管的步骤。",
    ),
    (
        "a second step opens the case",
        [(STEPS, STEPS + '  receive_unnamed: {name: 接收匿名的, by: clerk, from: start, to: received, event: case.received, asks: [topic], clause: "1"}\n')],
        "27 request.steps.receive_unnamed（依据 1）：“接收匿名的”也从 start 开立，可是登记、公众提交和试办只用第一个，“接收”（receive），这一步永远办不到。请并进第一个：不一定要填的写 may，用关卡说明什么情况必须填。",
    ),
    (
        "an extension of what is due so long before a date",
        [(DUTIES, DUTIES + '  prepare: {name: 上门前准备, clause: "2", starts: case.received, owner: clerk, within: {before: 1天, of: visit_on}, met_by: work.started, extension: {event: case.received, length: 3天}}\n'),
         (FACTS, FACTS + '  visit_on: {name: 上门日期, type: date, clause: "2"}\n'),
         (STEPS, STEPS + '  agree_visit: {name: 约定上门, by: clerk, from: [working], event: visit.agreed, asks: [visit_on], clause: "2"}\n')],
        "46 request.duties.prepare（依据 2）：“上门前准备”延期 3天，对这几档不起作用：最迟在上门日期之前 1天。期限跟着那个日期走，请改那个日期，或不写 extension。",
    ),
    (
        "a duty begins with coming into the stage in which a case opens",
        [(DUTIES, DUTIES + '  look: {name: 看一遍, clause: "1", starts: stage.received, owner: clerk, within: 3天, met_by: request.answered}\n')],
        "44 request.duties.look（依据 1）：“看一遍”从进入“已收到”阶段起算，可是案件一开立就在这个阶段，不算进入，永远不会开始。请改从开立起算：starts: case.received。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_it_says_what_is_wrong_where_and_under_which_clause(
    files: Files, changes: list[tuple[str, str]], said: str
) -> None:
    for old, new in changes:
        assert files["sample"]["request.yaml"].count(old) == 1, old
        files["sample"]["request.yaml"] = files["sample"]["request.yaml"].replace(old, new)

    found = {str(finding) for finding in look_over(files, "sample")}

    assert f"{RULES}:{said}" in found


def test_it_finds_nothing_in_a_policy_that_is_in_order(files: Files) -> None:
    assert look_over(files, "sample") == ()


def test_two_limits_for_different_cases_are_no_contradiction(files: Files) -> None:
    """What each is for is written at it."""
    files["sample"]["request.yaml"] = (
        files["sample"]["request.yaml"]
        .replace(DUTIES, DUTIES + '  answer_soon: {name: 尽快答复, clause: "1", starts: case.received, when: {sort: 工程}, owner: clerk, within: 1个工作日, met_by: request.answered}\n')
        .replace("  answer: {name: 答复, clause: \"2\", starts: case.received,", "  answer: {name: 答复, clause: \"2\", starts: case.received, when: {sort: 普通},")
    )  # fmt: skip
    assert look_over(files, "sample") == ()


def test_a_duty_begins_where_an_approval_sends_the_case_back_to_the_stage_in_which_it_opened(files: Files) -> None:
    files["sample"]["request.yaml"] = (
        files["sample"]["request.yaml"]
        .replace(DUTIES, DUTIES + '  look: {name: 看一遍, clause: "1", starts: stage.received, owner: clerk, within: 3天, met_by: request.answered}\n')
        .replace("refused_to: working", "refused_to: received")
    )  # fmt: skip
    assert look_over(files, "sample") == ()
