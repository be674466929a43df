"""What may be done to an approval beside signing it: how it is written, told, tried and proved by scenarios."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import GENERIC
from kesu.policy.mutants import mutants
from kesu.policy.scenarios import run_scenarios
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

FILE = "merit_reward.yaml"
BLOCK = "    conflict: block\n"
CUSTOMS = f"{BLOCK}    allows: [ask, urge]\n"
EVERYTHING = (
    "{pass_on: {to: [gm_office]}, add_before: 是, add_after: {to: [gm_office, cs_manager]}, ask: 是, "
    "send_back: {stages: [declined]}, take_back: {stage: declined}, urge: {every: 4小时}}"
)


def allowing(written: str) -> tuple[str, str]:
    return (CUSTOMS, f"{BLOCK}    allows: {written}\n")


def reward(written: str = EVERYTHING) -> Kind:
    return changed("p12", FILE, allowing(written)).kinds["merit_reward"]


def test_each_act_brings_a_step_and_what_it_asks() -> None:
    kind = reward()
    made = {step.code: (step.name, step.asks) for step in kind.steps.values() if step.acts_on is not None}
    assert made["pass_on_recognition"] == ("转办：认可奖励", ("named_signer",))
    assert made["send_back_recognition"] == ("退回到前面：认可奖励", ("return_to_recognition", "opinion"))
    assert made["advise_recognition"] == ("答复征询：认可奖励", ("opinion",))
    assert set(made) == {
        f"{act}_recognition"
        for act in ("pass_on", "add_before", "add_after", "ask", "advise", "send_back", "take_back", "urge")
    }
    assert kind.facts["return_to_recognition"].values == ("第 1 环", "不予奖励")
    assert not [step for step in reward("{}").steps.values() if step.acts_on]


def test_customs_leave_to_whom_the_policy_names_what_is_signed_and_stand_under_no_clause() -> None:
    kind = changed("p12", FILE).kinds["merit_reward"]
    made = {step.code: step.clauses for step in kind.steps.values() if step.acts_on is not None}
    assert made == {f"{act}_recognition": (GENERIC,) for act in ("ask", "advise", "urge")}
    assert "可以征询、催办（隔 4工作小时）" in told_rules(kind)["approvals.recognition"]
    assert not [one for one in mutants(kind) if ".allows" in one.address or "征询" in one.move or "催办" in one.move]


def test_it_is_told_and_tried() -> None:
    told = told_rules(reward())["approvals.recognition"]
    assert (
        "可以转办给总经办、前加签、后加签给总经办、客户中心负责人、征询、退回到前面或不予奖励阶段、"
        "撤回到不予奖励阶段、催办（隔 4小时）"
    ) in told
    moves = {one.move for one in mutants(reward())}
    assert {"不再可以转办", "不再可以催办", "后加签不再可以给总经办", "退回到前面不再可以到“不予奖励”"} <= moves


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{hand_over: 是}", "没有 hand_over"),
        ("[pass_on]", "ask、take_back、urge"),
        ("[take_back]", "撤回以后没有可回的阶段"),
        ("{pass_on: {to: [nobody_there]}}", "没有角色 nobody_there"),
        ("{urge: 是}", "催办要写明至少隔多久才能再催"),
        ("{urge: {every: often}}", "often"),
        ("{send_back: {stages: [nowhere]}}", "没有阶段 nowhere"),
        ("{take_back: sometimes}", "sometimes"),
        ("{take_back: 是}", "撤回以后没有可回的阶段"),
    ],
)
def test_what_is_written_wrongly_is_answered_with_what_is_right(written: str, told: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        reward(written)
    assert told in "\n".join(str(problem) for problem in caught.value.problems)


SCENARIOS = """
kind: merit_reward
scenarios:
  - scenario: 部门负责人转办给总经办，由他签
    clause: 10d
    given:
      - {at: 2026-07-06 10:00, step: nominate}
      - {at: 2026-07-06 11:00, step: pass_on_recognition, facts: {named_signer: "cs_manager:wu"}, refused: value}
      - {at: 2026-07-06 11:01, step: pass_on_recognition, facts: {named_signer: "gm_office:wu"}}
      - {at: 2026-07-06 11:02, step: sign_recognition, facts: {verdict: 同意}, as: dept_head, refused: role}
      - {at: 2026-07-06 11:03, step: sign_recognition, facts: {verdict: 同意}, by: wu}
    expect:
      - {at: 2026-07-06 11:01, approval: recognition, waiting_for: "gm_office:wu"}
      - {approval: recognition, waiting_for: board_leader}
  - scenario: 前加签的人先签，再轮到本人
    clause: 10d
    given:
      - {at: 2026-07-06 10:00, step: nominate}
      - {at: 2026-07-06 11:00, step: add_before_recognition, facts: {named_signer: "cs_manager:wu"}}
      - {at: 2026-07-06 12:00, step: sign_recognition, facts: {verdict: 同意}, by: wu}
    expect:
      - {at: 2026-07-06 11:00, approval: recognition, waiting_for: "cs_manager:wu"}
      - {approval: recognition, waiting_for: dept_head}
  - scenario: 董事领导退回第 1 环，部门重签；征询的人答复，不代替签字
    clause: 10d
    given:
      - {at: 2026-07-06 10:00, step: nominate}
      - {at: 2026-07-06 11:00, step: sign_recognition, facts: {verdict: 同意}, as: dept_head}
      - {at: 2026-07-06 12:00, step: ask_recognition, facts: {named_signer: "cs_manager:wu", opinion: 是否属实}}
      - {at: 2026-07-06 13:00, step: advise_recognition, facts: {opinion: 属实}, by: wu}
      - {at: 2026-07-06 14:00, step: send_back_recognition, facts: {return_to_recognition: 第 1 环, opinion: 写明金额}}
    expect:
      - {at: 2026-07-06 13:00, approval: recognition, waiting_for: board_leader}
      - {approval: recognition, is: open, waiting_for: dept_head}
  - scenario: 没有人签的可以撤回，签了的不行；催办隔 4 小时
    clause: 10d
    given: [{at: 2026-07-06 10:00, step: nominate, by: bai}]
    variants:
      - given: [{at: 2026-07-06 11:00, step: take_back_recognition, by: bai}]
        expect: [{stage: declined, approval: recognition, is: void}]
      - given:
          - {at: 2026-07-06 10:30, step: urge_recognition, by: bai}
          - {at: 2026-07-06 14:29, step: urge_recognition, by: bai, refused: early}
        expect: [{reminded: recognition, to: dept_head}]
"""


def test_scenarios_prove_the_acts() -> None:
    defaults = read_library().scenarios("p12")["packs/p12/scenarios/defaults.yaml"]
    texts = {"defaults.yaml": defaults, "own.yaml": SCENARIOS}
    results = run_scenarios(changed("p12", FILE, allowing(EVERYTHING)), texts, sample_calendar())
    assert {one.scenario.title: one.differences for one in results if one.differences} == {}
