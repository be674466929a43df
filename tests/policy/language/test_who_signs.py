"""Who signs and what happens where nobody can: how it is written, told, tried and proved by scenarios."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.model.approving import SamePersonTwice, Vacancy, VacancyMode
from kesu.policy.model.pack import Kind
from kesu.policy.mutants import mutants
from kesu.policy.scenarios.runner import run_scenarios
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

FILE = "merit_reward.yaml"
CHAIN = "chain: [{each: {role: dept_head, of: concerned_depts}}, board_leader]"
PANEL = ("\nroles:\n", "  panel: {name: 评审组, type: group, clause: 10d}\n\nroles:\n")
NAMED = ("asks: [title, nominees, merit, concerned_depts, reward_rank]", "asks: [title, nominees, merit, panel]")
BLOCK = "    conflict: block\n"
LAST = (BLOCK, f"{BLOCK}    authors: nominees\n    nobody: next\n    same_person: skip\n")


def reward(*lines: tuple[str, str]) -> Kind:
    return changed("p12", FILE, *lines).kinds["merit_reward"]


def said(*lines: tuple[str, str]) -> str:
    with pytest.raises(PackInvalid) as caught:
        reward(*lines)
    return "\n".join(str(problem) for problem in caught.value.problems)


def by_panel(link: str) -> tuple[tuple[str, str], ...]:
    return (PANEL, NAMED, (CHAIN, f"chain: [{link}, board_leader]"))


def test_it_is_told_and_tried() -> None:
    kind = reward(LAST)
    rule = kind.approvals["recognition"]
    assert (rule.nobody, rule.same_person, rule.authors) == (
        Vacancy(VacancyMode.NEXT),
        SamePersonTwice.SKIP,
        ("nominees",),
    )
    told = told_rules(kind)["approvals.recognition"]
    assert "奖励谁中的人也算本人；没有人可签的一环由下一环签；同一个人签过的后面不再签" in told
    moves = {one.move for one in mutants(kind) if one.address == "approvals.recognition"}
    assert {"奖励谁中的人不再算本人", "没有人可签的一环一直等着", "同一个人要再签"} <= moves
    (change,) = changes(changed("p12", FILE), changed("p12", FILE, LAST))
    assert "没有人可签的一环由下一环签" in change.sentence
    together = reward((LAST[0], LAST[1].replace("same_person: skip", "same_person: skip_together")))
    assert "几个部门会签的也只签一次" in told_rules(together)["approvals.recognition"]
    moves = {one.move for one in mutants(together) if one.address == "approvals.recognition"}
    assert {"同一个人要再签", "会签的同一个人要再签"} <= moves


@pytest.mark.parametrize(
    ("link", "told", "moves"),
    [
        ("{all: {group: panel}}", "由评审组每个成员会签，再由董事领导审", {"有一人签就可以"}),
        (
            "{share: 60%, who: {group: panel}}",
            "由评审组每个成员会签，满 60% 同意即可，再由董事领导审",
            {"要所有的人都签", "有一人签就可以"},
        ),
        (
            "{share: 50%, who: [dept_head, cs_manager, gm_office]}",
            "部门负责人、客户中心负责人、总经办会签，满 50% 同意即可",
            {"要所有的人都签"},
        ),
    ],
)
def test_all_of_a_group_or_so_many_of_it_are_told_and_tried(link: str, told: str, moves: set[str]) -> None:
    kind = reward(*by_panel(link))
    assert told in told_rules(kind)["approvals.recognition"]
    assert moves <= {one.move for one in mutants(kind)}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([(LAST[0], "    conflict: block\n    nobody: nobody\n")], "看不懂没有人可签时怎么办：nobody"),
        ([(LAST[0], "    conflict: block\n    nobody: {role: nobody_there}\n")], "没有角色 nobody_there"),
        ([(LAST[0], "    conflict: block\n    authors: title\n")], "title（主题）不是小组（group）类型的事实"),
        ([(LAST[0], "    conflict: block\n    same_person: twice\n")], "same_person"),
        ([(CHAIN, "chain: [{share: most, who: dept_head}]")], '看不懂"most"'),
        ([(CHAIN, "chain: [{share: 60%}]")], "who"),
    ],
)
def test_what_is_written_wrongly_is_answered_with_what_is_right(lines: list[tuple[str, str]], told: str) -> None:
    assert told in said(*lines)


def defaults() -> str:
    return read_library().scenarios("p12")["packs/p12/scenarios/defaults.yaml"]


SCENARIOS = """
kind: merit_reward
scenarios:
  - scenario: 部门没有人可签，由董事领导签
    clause: 10d
    given:
      - {at: 2026-07-06 10:00, step: nominate}
      - {at: 2026-07-06 10:01, staffed: recognition, found: nobody}
    expect:
      - {at: 2026-07-06 10:00, approval: recognition, waiting_for: dept_head}
      - {approval: recognition, is: open, waiting_for: board_leader, stuck: []}
  - scenario: 董事领导也没有人，等着，签不了
    clause: 10d
    given:
      - {at: 2026-07-06 10:00, step: nominate}
      - {at: 2026-07-06 10:01, staffed: recognition, found: nobody}
      - {at: 2026-07-06 10:02, staffed: recognition, found: nobody}
    expect: [{approval: recognition, is: open, waiting_for: board_leader, stuck: "2"}]
  - scenario: 同一个人签过，不再签
    clause: 10d
    given:
      - {at: 2026-07-06 10:00, step: nominate}
      - {at: 2026-07-06 11:00, step: sign_recognition, facts: {verdict: 同意}, as: dept_head}
      - {at: 2026-07-06 11:00, staffed: recognition, found: signed}
    expect: [{approval: recognition, is: granted}, {stage: granted}]
"""
SHARED = """
kind: merit_reward
scenarios:
  - scenario: 三个人里两个同意就够
    clause: 10d
    given:
      - {at: 2026-07-06 10:00, step: nominate, facts: {panel: [dept_head:a, dept_head:b, gm_office:c]}}
      - {at: 2026-07-06 11:00, step: sign_recognition, facts: {verdict: 退回, opinion: 不够突出}, by: b}
      - {at: 2026-07-06 11:01, step: sign_recognition, facts: {verdict: 同意}, by: a}
      - {at: 2026-07-06 11:02, step: sign_recognition, facts: {verdict: 同意}, by: b, as: dept_head, refused: role}
    expect:
      - {at: 2026-07-06 10:00, approval: recognition, waiting_for: ["dept_head:a", "dept_head:b", "gm_office:c"]}
      - {approval: recognition, is: open, waiting_for: "gm_office:c"}
"""
TOGETHER = """
kind: merit_reward
scenarios:
  - scenario: 会签里一个人退回以后，别人的同意不再算
    clause: 10d
    given:
      - {at: 2026-07-06 10:00, step: nominate, facts: {panel: [dept_head:a, dept_head:b]}}
      - {at: 2026-07-06 11:00, step: sign_recognition, facts: {verdict: 退回, opinion: 不够突出}, by: a}
      - {at: 2026-07-06 11:01, step: sign_recognition, facts: {verdict: 同意}, by: b, as: dept_head, refused: stage}
    expect: [{approval: recognition, is: refused}, {stage: declined}]
"""


@pytest.mark.parametrize(
    ("lines", "scenarios"),
    [
        ((LAST,), SCENARIOS),
        (by_panel("{share: 60%, who: {group: panel}}"), SHARED),
        (by_panel("{all: {group: panel}}"), TOGETHER),
    ],
)
def test_scenarios_say_it_person_by_person(lines: tuple[tuple[str, str], ...], scenarios: str) -> None:
    texts = {"defaults.yaml": defaults(), "own.yaml": scenarios}
    results = run_scenarios(changed("p12", FILE, *lines), texts, sample_calendar())
    own = [one for one in results if one.scenario.file == "own.yaml"]
    assert own
    assert {one.scenario.title: one.differences for one in own if one.differences} == {}


def test_a_scenario_that_names_no_place_that_waits_says_what_does() -> None:
    wrong = SCENARIOS.replace("found: nobody}", "found: nobody, place: '7'}")
    texts = {"defaults.yaml": defaults(), "own.yaml": wrong}
    results = run_scenarios(changed("p12", FILE, LAST), texts, sample_calendar())
    told = [problem for one in results for problem in one.differences if one.scenario.file == "own.yaml"]
    assert any("没有等着签的 7，现在等的是 1" in str(problem) for problem in told)
