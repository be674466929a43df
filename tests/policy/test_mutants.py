"""One thing changed at a time: what is changed, and that nothing is forgotten."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.mutants import mutants
from kesu.policy.operators import Operator
from kesu.policy.scenarios.surviving import survey

LIBRARY = read_library()


def moves(operator: Operator, rule: str, code: str = "p10", kind: str = "complaint") -> list[str]:
    found = mutants(LIBRARY.load(code).kinds[kind])
    return [one.move for one in found if one.operator is operator and one.address.startswith(rule)]


def test_a_limit_is_moved_by_its_unit_its_clock_and_one() -> None:
    assert moves(Operator.FIGURE, "duties.callback.within") == ["3个工作日→2个工作日", "3个工作日→4个工作日"]
    assert moves(Operator.CLOCK, "duties.callback.within") == ["3个工作日→3天"]
    assert moves(Operator.UNIT, "duties.inform_specialist.within") == ["1工作小时→1个工作日"]


def test_a_threshold_is_moved_turned_and_its_edge_taken_away() -> None:
    rule = "levels.rules[3].when.parts[1].complainants"
    assert moves(Operator.FIGURE, rule) == ["10→9", "10→11"]
    assert moves(Operator.COMPARISON, rule) == ["at_least→at_most"]
    assert moves(Operator.EDGE, rule) == ["at_least→above"]


def test_every_role_and_every_required_fact_has_one() -> None:
    assert moves(Operator.ROLE, "steps.form_team.by") == ["cs_specialist→cs_manager", "cs_dept→project_dept"]
    assert moves(Operator.FACT, "steps.classify") == ["不再必填 talk_note", "不再必填 track", "不再必填 category"]


def test_what_starts_a_clock_and_who_signs_first_are_changed() -> None:
    assert moves(Operator.START, "duties.callback")[0].startswith("case.handled→")
    assert moves(Operator.ORDER, "approvals.joint_review") == ["审批人倒过来"]


def test_a_survivor_without_a_reason_is_told_and_a_reason_without_a_survivor_too() -> None:
    pack, scenarios = LIBRARY.load("whistle"), {}
    bad = survey(pack, {}, scenarios, sample_calendar())
    assert not bad.is_good
    assert any("没有说明" in line for line in bad.lines())
    with pytest.raises(PackInvalid, match="没有这种改动"):
        survey(pack, {"survivors.yaml": "不存在的改动: 因为\n"}, scenarios, sample_calendar())


def test_the_same_address_in_two_kinds_is_told_and_explained_twice() -> None:
    pack, scenarios = LIBRARY.load("p10"), {}
    survivors = {f"{one.operator} {one}" for one, _reason in survey(pack, {}, scenarios, sample_calendar()).survivors}
    twice = "必填 {}/steps.complete 不再必填 summary"
    assert {twice.format("bulletin"), twice.format("estate_file")} <= survivors
    explained = {"survivors.yaml": f"{twice.format('bulletin')}: 因为\n"}
    found = survey(pack, explained, scenarios, sample_calendar()).survivors
    assert [one.kind.code for one, reason in found if reason] == ["bulletin"]
