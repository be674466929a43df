"""Linked cases in scenarios: what they open, how they end, and what no scenario would notice."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.model.pack import Pack
from kesu.policy.mutants import mutants
from kesu.policy.scenarios import Result, run_scenarios
from kesu.policy.scenarios.reading import read_scenarios
from tests.linked_policies import linked

DEFAULTS = """
defaults:
  channel: 电话
  title: 外墙渗水
  content: 客厅东墙发霉
  promised_feedback_at: 2026-07-08 10:00
  problem_text: 管井没有封堵
  withdraw_reason: 客户撤回
scenarios:
"""
FOUND = """
  - scenario: 甲
    given:
      - {at: 2026-07-06 10:00, step: receive}
      - {at: 2026-07-06 11:00, step: find_problem, facts: {problem_weight: 重}}
"""
ENDED = "      - {at: 2026-07-08 10:00, ends: problem, stage: done, facts: {result: 已封堵}}\n"
WITHDRAWN = "      - {at: 2026-07-08 11:00, step: withdraw, as: cs_specialist}\n"


def run(scenario: str, pack: Pack | None = None) -> Result:
    (result,) = run_scenarios(pack or linked(), {"a.yaml": DEFAULTS + scenario}, sample_calendar())
    return result


def told(scenario: str, pack: Pack | None = None) -> str:
    return " ".join(one.text for one in run(scenario, pack).differences)


def test_a_scenario_sees_what_is_opened_with_what_and_how_often() -> None:
    seen = '    expect: [{opens: problem, times: "1", carries: [topic, person, weight]}]\n'
    assert run(FOUND + seen).passed
    assert run(FOUND + "    expect: [{obligation: rectify, is: open}]\n").passed
    assert told(FOUND + '    expect: [{opens: problem, times: "2"}]\n').endswith("应开立 problem 2 件，实开立 1 件")
    assert "不应开立 problem" in told(FOUND + "    expect: [{opens: problem, is: none}]\n")
    assert "没有关联立案 problems" in told(FOUND + "    expect: [{opens: problems}]\n")


def test_what_was_not_stated_is_not_carried_over() -> None:
    without = FOUND.replace(", facts: {problem_weight: 重}", "")
    claim = "    expect: [{opens: problem, carries: [weight]}]\n"
    assert "应带去 weight，实带去 topic、person" in told(without + claim)


def test_the_end_of_the_linked_case_meets_the_duty_and_brings_its_result() -> None:
    seen = "    expect: [{obligation: rectify, is: met}, {notice: rectified, facts: {problem_end: 已整改}}]\n"
    assert run(FOUND + ENDED + seen).passed


def test_the_case_waits_until_it_has_ended() -> None:
    refused = WITHDRAWN.replace("as: cs_specialist", "as: cs_specialist, refused: D1c")
    assert run(FOUND + refused + "    expect: [{missing: problem}]\n").passed
    assert run(FOUND + ENDED + WITHDRAWN + "    expect: [{stage: withdrawn}]\n").passed
    again = "      - {at: 2026-07-08 10:30, reopens: problem}\n"
    assert run(FOUND + ENDED + again + refused + "    expect: [{missing: problem}]\n").passed


def test_an_end_that_cannot_be_is_told() -> None:
    seen = "    expect: [{stage: received}]\n"
    assert "没有还没结束的关联案件 problem" in told(FOUND + ENDED + ENDED.replace("10:00", "10:30") + seen)
    assert "没有已经结束的关联案件 problem" in told(FOUND + "      - {at: 2026-07-08 10:30, reopens: problem}\n" + seen)
    assert "在哪个阶段结束：done、dropped" in told(FOUND + ENDED.replace("stage: done", "stage: opened") + seen)
    assert "整改没有事实 outcome" in told(FOUND + ENDED.replace("result:", "outcome:") + seen)


def test_a_policy_that_refuses_what_is_carried_over_fails_its_scenario() -> None:
    heavy = "  heavy: {steps: [open], unless: {weight: 重}, says: 轻的不立, clause: D1c}\n"
    strict = linked(("duties:\n  finish:", f"guards:\n{heavy}duties:\n  finish:"))
    light = FOUND.replace("problem_weight: 重", "problem_weight: 轻")
    assert run(FOUND + "    expect: [{opens: problem}]\n", strict).passed
    assert "开不了关联的整改（problem）：heavy 轻的不立" in told(light + "    expect: [{opens: problem}]\n", strict)


def test_every_part_of_the_rule_is_changed_to_see_whether_a_scenario_notices() -> None:
    moves = {one.move for one in mutants(linked().kinds["complaint"]) if one.address == "opens.problem"}
    assert {"去掉", "不再带去 topic", "不再带去 person", "不再带去 weight", "不再带回 problem_end"} <= moves
    assert any(move.startswith("problem.found→") for move in moves)
    conditions = [one for one in mutants(linked().kinds["complaint"]) if one.address.startswith("opens.problem.when")]
    assert conditions


def test_an_act_is_one_thing() -> None:
    both = FOUND.replace("step: find_problem", "step: find_problem, ends: problem")
    with pytest.raises(PackInvalid, match="写一个"):
        read_scenarios({"a.yaml": DEFAULTS + both}, ZoneInfo(sample_calendar().zone))


def test_the_end_of_the_last_one_may_move_the_case() -> None:
    brings = "brings: {problem_end: stage, problem_result: result}"
    table = "{table: [{when: {problem_end: 已整改, stage: received}, use: informed}, {else: 未变}]}"
    moving = linked((brings, f"{brings}\n    closed_to: {table}"))
    assert run(FOUND + ENDED + "    expect: [{stage: informed}]\n", moving).passed
    dropped = "      - {at: 2026-07-08 10:00, ends: problem, stage: dropped}\n"
    assert run(FOUND + dropped + "    expect: [{stage: received}]\n", moving).passed
    second = "      - {at: 2026-07-06 11:30, step: find_problem}\n"
    assert run(FOUND + second + ENDED + "    expect: [{stage: received}]\n", moving).passed
    both = ENDED + ENDED.replace("10:00", "11:00")
    assert run(FOUND + second + both + "    expect: [{stage: informed}]\n", moving).passed
    over = "      - {at: 2026-07-08 09:00, step: withdraw, as: cs_specialist}\n"
    waits = "needs: {links_closed: problem}"
    free = linked((brings, f"{brings}\n    closed_to: informed"), (waits, "needs: {facts: [withdraw_reason]}"))
    assert run(FOUND + over + ENDED + "    expect: [{stage: withdrawn}]\n", free).passed
