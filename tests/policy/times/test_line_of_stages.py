"""The line of stages that customers and staff see: the ordinary way, and what lies beside it only where a case came
to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kesu.access.sight.stage_line import public_line, stage_line
from kesu.policy.errors import PackInvalid
from kesu.policy.model.rules import Stage
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed
from tests.policy.standing.kinds import Log, coded, kind, step

STAGES = coded(
    Stage("start", "登记", public="已收到"),
    Stage("open", "处理中", public="正在处理"),
    Stage("waiting", "等补充", public="等您补充", aside=True),
    Stage("refused", "不办", public="不予办理", aside=True, final=True),
    Stage("told", "已告知", public="已告知结果"),
    Stage("closed", "结案", public="已办结", final=True),
)
STEPS = coded(
    step("ask_back", from_stages=("open", "told"), to="waiting"),
    step("supply", from_stages=("waiting",), to="open"),
    step("tell", from_stages=("open",), to="told"),
    step("again", from_stages=("waiting",), to="told"),
    step("refuse", from_stages=("open",), to="refused"),
)
Line = list[tuple[str, str]]


def after(*steps: str) -> tuple[Line, Line]:
    """The line for staff and the one for the customer, after these steps."""
    log = Log(replace(kind(steps=STEPS), stages=STAGES)).add("2026-07-01 10:00", "case.received")
    for hour, code in enumerate(steps, start=11):
        log.take(f"2026-07-01 {hour}:00", code)
    now = log.at("2026-07-02 10:00")
    staff = [(STAGES[code].name, state) for code, state in stage_line(log.kind, now)]
    return staff, list(public_line(log.kind, now))


def test_what_lies_beside_the_way_does_not_stand_on_it() -> None:
    staff, customer = after()
    assert staff == [("登记", "done"), ("处理中", "current"), ("已告知", ""), ("结案", "")]
    assert customer == [("已收到", "done"), ("正在处理", "current"), ("已告知结果", ""), ("已办结", "")]


def test_it_stands_there_while_the_case_is_in_it_and_once_it_has_gone_on() -> None:
    _, customer = after("ask_back")
    assert customer[1:3] == [("正在处理", "done"), ("等您补充", "current")]
    staff, customer = after("tell", "ask_back", "again")
    assert ("等补充", "done") in staff
    assert customer[-3:] == [("等您补充", "done"), ("已告知结果", "current"), ("已办结", "")]


def test_it_is_off_the_line_again_where_the_case_came_back_before_it() -> None:
    staff, customer = after("ask_back", "supply")
    assert "等补充" not in [name for name, _ in staff]
    assert "等您补充" not in [word for word, _ in customer]


def test_a_side_ending_is_the_end_of_the_case_that_came_to_it_only() -> None:
    staff, customer = after("refuse")
    assert ("不办", "current") in staff
    assert customer[:3] == [("已收到", "done"), ("正在处理", "done"), ("不予办理", "current")]
    assert "已办结" not in [word for word, _ in customer]


def test_it_is_told_and_one_end_at_least_must_lie_on_the_way() -> None:
    kind_of_p10 = changed("p10", "complaint.yaml").kinds["complaint"]
    assert told_rules(kind_of_p10)["stages.explaining"] == (
        "阶段“沟通解释”，对客户说“正在与您沟通”，旁支，没有走到的不列。"
    )
    ends = [(f"name: {name}, final: 是", f"name: {name}, aside: 是, final: 是") for name in ("已了结",)]
    with pytest.raises(PackInvalid) as caught:
        changed("s16", "retention.yaml", *ends)
    assert "每个终结阶段都是旁支" in str(caught.value)
