"""The runner says where a scenario and the pack differ, and finds its own way to a starting stage."""

from __future__ import annotations

import pytest

from kesu.policy.calendar import sample_calendar
from kesu.policy.coverage import Depth, Honoured, coverage
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack
from kesu.policy.scenarios import Result, run_scenarios
from kesu.policy.scenarios.proving import loose_figures, prove

PACK = """
pack: kiosk
title: 小店规则
version: "1"
status: draft
document: {number: XD-01}
signatures: [compiled_by]
scope: 试用
kinds: [wish]
provided: {"9": one_counter}
"""
CLAUSES = """
"1": {printed: "1", text: 登记愿望, enforce: record}
"2": {printed: "2", text: 两天内答复, enforce: automatic}
"3": {printed: "3", text: 三人以上为急, enforce: automatic}
"4": {printed: "4", text: 急的先打电话, enforce: guard}
"9": {printed: "9", text: 一个柜台, enforce: record}
"""
KIND = """
kind: wish
name: 愿望
numbering: {prefix: YW}
holder: clerk
title: topic
list: [people]
start: heard
stages:
  heard: {name: 已听到, clause: "1"}
  checked: {name: 已核对, clause: "1"}
  answered: {name: 已答复, final: 是, clause: "1"}
roles:
  clerk: {name: 店员, scope: project, clause: "1"}
facts:
  topic: {name: 主题, type: text, clause: "1"}
  person: {name: 提出人, type: person, clause: "1"}
  people: {name: 人数, type: number, clause: "3", derive: {distinct: person, of: [wish.heard, wish.joined]}}
  words: {name: 答复, type: text, clause: "2"}
levels:
  order: {calm: 不急, urgent: 急}
  rules:
    - {level: urgent, when: {people: {at_least: 3}}, clause: "3"}
    - {level: calm, else: 是, clause: "3"}
steps:
  hear: {name: 听取, by: everyone, from: [start], to: heard, event: wish.heard, asks: [topic, person], clause: "1"}
  join: {name: 附议, by: clerk, event: wish.joined, asks: [person], clause: "3"}
  phone: {name: 打电话, by: clerk, event: wish.phoned, clause: "4"}
  check: {name: 核对, by: clerk, from: [heard], to: checked, event: wish.checked, clause: "1"}
  answer: {name: 答复, by: clerk, from: [checked], to: answered, event: wish.answered, asks: [words], clause: "2"}
guards:
  phoned: {steps: [answer], when: {level: urgent}, needs: {happened: [wish.phoned]}, says: 急的先打电话, clause: "4"}
duties:
  answer: {name: 答复, starts: wish.heard, owner: clerk, within: 2天, met_by: wish.answered, clause: "2"}
"""
DEFAULTS = "defaults: {topic: 加一盏灯, words: 好的}\n"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack({"kiosk": {"pack.yaml": PACK, "clauses.yaml": CLAUSES, "wish.yaml": KIND}}, "kiosk")


def run(pack: Pack, scenarios: str) -> tuple[Result, ...]:
    return run_scenarios(pack, {"a.yaml": DEFAULTS + "scenarios:\n" + scenarios}, sample_calendar())


def differences(pack: Pack, scenario: str) -> list[str]:
    (result,) = run(pack, scenario)
    return [each.text for each in result.differences]


HEARD = "  - scenario: 甲\n    given: [{at: 2026-07-06 10:00, step: hear}]\n"


def test_it_passes_what_is_so(pack: Pack) -> None:
    expect = "    expect: [{obligation: answer, due: 2026-07-08 24:00, owner: clerk, is: open}, {stage: heard}]\n"
    (result,) = run(pack, HEARD + expect)
    assert result.passed
    assert str(result) == "通过 甲"


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("{stage: checked}", "阶段应为 checked，实为 heard"),
        ("{level: urgent}", "级别应为 urgent（急），实为 calm（不急）"),
        ('{because: "4"}', "级别应依据 4，实依据 3"),
        (
            "{obligation: answer, due: 2026-07-08 18:00}",
            "义务 answer 的期限应为 2026-07-08 18:00，实为 2026-07-09 00:00",
        ),
        ("{obligation: answer, is: met}", "义务 answer 应为 met，实为 open"),
        ("{obligation: answer, is: none}", "不应有义务 answer，实有 1 项，状态 open"),
        ("{obligation: answer, owner: boss}", "义务 answer 的责任人应为 boss，实为 clerk"),
        ("{obligation: other}", "应有义务 other，实无；现有 answer"),
        ("{allowed: answer}", "步骤 answer 应可办，实被拒：stage"),
        ("{not_allowed: check}", "步骤 check 应被拒，实可办"),
        ("{notice: x}", "应有告知 x，实无；现有 none"),
        ('{facts: {people: "2"}}', "people（人数）应为 2，实为 1"),
        ("{facts: {words: 已填}}", "words（答复）应为 已填，实为 None"),
        ("{wake_at: none}", "不应有下一次唤醒，实为 2026-07-09 00:00"),
        ("{due: 2026-07-08 18:00}", "due 要同 obligation、notice 写在一起"),
    ],
)
def test_it_says_readably_what_differs(pack: Pack, expect: str, difference: str) -> None:
    assert differences(pack, f"{HEARD}    expect: [{expect}]\n") == [f"2026-07-06 10:00 {difference}"]


def test_it_shows_the_rules_that_refused_an_act_nobody_expected_to_be_refused(pack: Pack) -> None:
    given = "    given: [{at: 2026-07-06 11:00, step: join, people: 2}, {at: 2026-07-06 12:00, step: answer}]\n"
    found = differences(pack, "  - scenario: 甲\n    from: checked\n" + given)
    assert found == ["场景没有写要看到什么"]
    (text,) = differences(pack, "  - scenario: 甲\n    from: checked\n" + given + "    expect: [{stage: answered}]\n")
    assert text == "answer 被拒：phoned 急的先打电话 缺 wish.phoned（打电话） §4"


def test_it_fails_where_a_refusal_was_expected_and_none_came(pack: Pack) -> None:
    given = '    given: [{at: 2026-07-06 11:00, step: check, refused: "4"}]\n'
    assert differences(pack, "  - scenario: 甲\n    from: heard\n" + given) == ["check 应依据 4 被拒，实际办成了"]


def test_it_fails_where_another_rule_refused(pack: Pack) -> None:
    given = '    given: [{at: 2026-07-06 11:00, step: answer, refused: "4"}]\n'
    (text,) = differences(pack, "  - scenario: 甲\n    from: heard\n" + given)
    assert text.startswith("answer 应依据 4 被拒，实为：stage")


@pytest.mark.parametrize(
    ("act", "difference"),
    [
        ("step: fly", "fly：没有步骤 fly"),
        ("world: sky.fell", "sky.fell：没有外部事件 sky.fell"),
        ("step: hear, facts: {colour: 红}", "hear：没有事实 colour"),
    ],
)
def test_it_says_what_of_an_act_the_pack_does_not_know(pack: Pack, act: str, difference: str) -> None:
    scenario = f"  - scenario: 甲\n    given: [{{at: 2026-07-06 10:00, {act}}}]\n    expect: [{{stage: heard}}]\n"
    assert differences(pack, scenario) == [difference]


def test_it_walks_the_shortest_way_and_takes_what_guards_ask_for(pack: Pack) -> None:
    scenario = "  - scenario: 甲\n    from: answered\n    since: 2026-07-06 10:00\n"
    (result,) = run(pack, scenario + "    expect: [{at: 2026-07-06 10:00, stage: answered}]\n")
    assert result.passed


def test_it_says_when_no_way_leads_to_a_stage(pack: Pack) -> None:
    files = {
        "pack.yaml": PACK,
        "clauses.yaml": CLAUSES,
        "wish.yaml": KIND.replace("asks: [words]", "asks: [words, person]"),
    }
    barred = load_pack({"kiosk": files}, "kiosk")
    scenario = "scenarios: [{scenario: 甲, from: answered, since: 2026-07-06 10:00, expect: [{stage: answered}]}]\n"
    (result,) = run_scenarios(barred, {"a.yaml": "defaults: {topic: 灯}\n" + scenario}, sample_calendar())
    assert [each.text for each in result.differences] == [
        "从开立起走不到阶段 answered，最后到 checked；answer 被拒：value 缺 words（答复） §2"
    ]


def test_it_says_why_no_case_can_be_opened_on_the_way_to_a_stage(pack: Pack) -> None:
    scenario = "scenarios: [{scenario: 甲, from: answered, since: 2026-07-06 10:00, expect: [{stage: answered}]}]\n"
    (result,) = run_scenarios(pack, {"a.yaml": scenario}, sample_calendar())
    assert [each.text for each in result.differences] == [
        "从开立起走不到阶段 answered；hear 被拒：value 缺 topic（主题） §1"
    ]


PROVING = """
  - scenario: 两天内答复
    clause: "2"
    given: [{at: 2026-07-06 10:00, step: hear}]
    expect: [{obligation: answer, due: 2026-07-08 24:00}]
"""


def test_it_proves_a_rule_only_by_a_scenario_that_fails_without_it(pack: Pack) -> None:
    found = coverage(pack, prove(pack, {"a.yaml": DEFAULTS + "scenarios:" + PROVING}, sample_calendar()))
    depths = {each.clause.id: each.depth for each in found.clauses}
    assert depths == {
        "1": Depth.PROVED,
        "2": Depth.PROVED,
        "3": Depth.DECLARED,
        "4": Depth.DECLARED,
        "9": Depth.NONE,
    }
    assert "wish/guards.phoned" in found.unproved
    assert found.unanswered == ()
    assert {each.clause.id: each.honoured for each in found.clauses}["9"] is Honoured.PRODUCT


def test_it_takes_no_proof_from_a_scenario_that_fails_anyhow(pack: Pack) -> None:
    wrong = PROVING.replace("24:00", "18:00")
    assert prove(pack, {"a.yaml": DEFAULTS + "scenarios:" + wrong}, sample_calendar()) == {}


def test_it_names_the_figures_that_no_scenario_holds(pack: Pack) -> None:
    loose = loose_figures(pack, {"a.yaml": DEFAULTS + "scenarios:" + PROVING}, sample_calendar())
    assert [str(nudge) for nudge in loose] == [
        "wish/levels.rules[1].when.people 3→2",
        "wish/levels.rules[1].when.people 3→4",
    ]


def test_a_proved_clause_runs_where_a_test_drives_its_kind(pack: Pack) -> None:
    proofs = prove(pack, {"a.yaml": DEFAULTS + "scenarios:" + PROVING}, sample_calendar())
    depths = {each.clause.id: each.depth for each in coverage(pack, proofs, driven=("wish",)).clauses}
    assert depths["2"] is Depth.RUNS
    assert depths["9"] is Depth.NONE
    assert coverage(pack, proofs, driven=("other",)).count(Depth.RUNS) == 0
    assert coverage(pack, {}, driven=("wish",)).count(Depth.RUNS) == 0
