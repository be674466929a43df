"""Facts in which a case is named: of which kinds, what is said of mistakes, and what a scenario notices."""

from __future__ import annotations

import json

import pytest

from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.language.texts import words_of
from kesu.policy.loader import read_canonical
from kesu.policy.model.facts import CaseKind
from kesu.policy.model.pack import Pack
from kesu.policy.mutants import mutants
from kesu.policy.scenarios import Result, run_scenarios
from kesu.policy.telling.changes import changes
from kesu.policy.telling.rules import told_rules
from tests.linked_policies import RECTIFICATION, linked

FACT = "  about: {name: 有关的投诉, type: case, kind: complaint, clause: D1c}\n"
WITH = RECTIFICATION.replace("roles:\n", f"{FACT}roles:\n").replace("may: [person,", "may: [about, person,")
SEALED = "secrecy: {sealed: 是, opened_to: [cs_specialist], clause: D1c}\n"
NAMED = """
defaults: {source: 巡检, topic: 管井没有封堵}
kind: rectification
scenarios:
  - scenario: 甲
    given: [{at: 2026-07-06 10:00, step: open, facts: {about: "%s"}%s}]
%s"""
SEEN = "    expect: [{stage: opened, facts: {about: complaint:甲}}]\n"
REFUSED = ", refused: value"


def pack(kind: str = "complaint") -> Pack:
    return linked(kind=WITH.replace("kind: complaint, clause", f"kind: {kind}, clause"))


def said(kind: str, text: str = WITH, others: dict[str, str] | None = None) -> str:
    with pytest.raises(PackInvalid) as invalid:
        linked(kind=text.replace("kind: complaint, clause", f"kind: {kind}, clause"), others=others)
    return str(invalid.value)


def run(about: str, more: str = "", seen: str = "") -> Result:
    (result,) = run_scenarios(pack(), {"a.yaml": NAMED % (about, more, seen)}, sample_calendar())
    return result


def test_it_may_be_of_another_kind_of_the_policy_or_of_whatever_policy_serves_it() -> None:
    rules = pack("[complaint, {served: work_order}]").kinds["rectification"]
    assert rules.facts["about"].kinds == (
        CaseKind("complaint", name="投诉"),
        CaseKind("work_order", is_served=True),
    )
    assert read_canonical(pack().canonical).kinds["rectification"].facts == pack().kinds["rectification"].facts


def test_one_of_its_own_kind_is_meant_where_nothing_is_said() -> None:
    complaint = linked().kinds["complaint"]
    assert complaint.facts["repeat_of"].kinds == ()
    own = CaseKind("complaint", is_served=True, name="投诉")
    assert complaint.cases_of(complaint.facts["repeat_of"]) == (own,)


def test_it_says_what_is_wrong() -> None:
    assert "本制度没有案件种类 complaints" in said("complaints")
    assert "写 {served: complaints}" in said("complaints")
    assert "没有 rules 这个键" in said("{rules: complaint}")
    text = WITH.replace("type: case, kind: complaint, clause", "type: text, kind: complaint, clause")
    assert "只有另一件诉件（case）类型的事实可以写 kind（类别）" in said("complaint", text)


def test_nothing_leads_to_a_sealed_case_and_none_leads_away() -> None:
    other = RECTIFICATION.replace("rectification", "report").replace("name: 整改\n", "name: 举报\n") + SEALED
    told = said("report", others={"report.yaml": other})
    assert "举报是密封的：写了它的编号，看得到本件的人就知道有那一件" in told
    own = other.replace("roles:\n", f"{FACT}roles:\n").replace("may: [person,", "may: [about, person,")
    assert "举报是密封的，不能指到别的案件" in said("complaint", RECTIFICATION, {"report.yaml": own})


def test_the_printed_policy_and_a_new_version_say_of_which_kinds() -> None:
    rules = pack("[complaint, {served: work_order}]").kinds["rectification"]
    assert told_rules(rules)["facts.about"] == "记录有关的投诉（另一件诉件：投诉、work_order（当地施行的制度的））。"
    named = pack("{served: work_order, name: 维修工单}").kinds["rectification"]
    assert told_rules(named)["facts.about"] == "记录有关的投诉（另一件诉件：维修工单（当地施行的制度的））。"
    (change,) = changes(pack(), pack("{served: complaint}"))
    assert "当地施行的制度的" in change.sentence


def test_its_words_can_be_translated() -> None:
    words = words_of(json.loads(pack("{served: work_order, name: 维修工单}").canonical))
    assert words["rectification.facts.about.name"] == "有关的投诉"
    assert words["rectification.facts.about.kind.work_order"] == "维修工单"


def test_a_scenario_names_a_case_with_its_kind_and_no_other_kind_is_taken() -> None:
    assert run("complaint:甲", seen=SEEN).passed
    assert run("rectification:甲", REFUSED).passed
    assert "应依据 value 被拒，实际办成了" in str(run("complaint:甲", REFUSED))
    assert "应依据 value 被拒，实际办成了" in str(run("甲", REFUSED))


def test_every_kind_is_taken_away_to_see_whether_a_scenario_notices() -> None:
    rules = pack("[complaint, {served: work_order}]").kinds["rectification"]
    found = {one.move: one.kind for one in mutants(rules) if one.address == "facts.about"}
    assert {"不再可以填投诉", "不再可以填work_order"} <= set(found)
    assert found["不再可以填投诉"].facts["about"].kinds == (CaseKind("work_order", is_served=True),)
    alone = {one.move: one.kind for one in mutants(pack().kinds["rectification"]) if one.address == "facts.about"}
    assert alone["不再可以填投诉"].facts["about"].kinds == ()


GOES_ALONG = ("weight: problem_weight}", "weight: problem_weight, about: repeat_of}")


def test_a_case_that_is_named_goes_along_where_the_same_kinds_may_be_named() -> None:
    served = WITH.replace("kind: complaint, clause", "kind: {served: complaint}, clause")
    assert linked(GOES_ALONG, kind=served).kinds["complaint"].opens["problem"].carries["about"] == "repeat_of"
    with pytest.raises(PackInvalid, match="那边能填的不是同样几种案件"):
        linked(GOES_ALONG, kind=WITH.replace("kind: complaint, clause", "kind: rectification, clause"))
