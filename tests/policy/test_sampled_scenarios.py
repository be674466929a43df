"""Samples, measures and figures over other cases in scenarios: what they see, and what they say where it is not so."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from kesu.policy.calendar import sample_calendar
from kesu.policy.errors import PackInvalid
from kesu.policy.model.measures import Figure
from kesu.policy.model.pack import Pack
from kesu.policy.reckoning import figure_of
from kesu.policy.scenarios import Result, run_scenarios
from kesu.policy.scenarios.reading import read_scenarios
from tests.own_packs import changed

DRAWN = """
scenarios:
  - scenario: 甲
    kind: handling_review
    found: {checked: "20"}
    given: [{at: 2026-10-01 00:00, step: open}]
"""
REWARDED = """
scenarios:
  - scenario: 乙
    kind: bonus
    found: {rated_count: "12", good_share: "66.7"}
    given: [{at: 2026-07-01 00:00, step: open}]
"""
BONUS = "bonus.yaml"
GOOD = (
    "good_share: {name: 评价为好的占百分之几, type: number, measured: {of: work_order.good_share, starts: bonus.opened,"
)


def run(scenario: str, pack: Pack) -> Result:
    (result,) = run_scenarios(pack, {"a.yaml": scenario}, sample_calendar())
    return result


@pytest.fixture(scope="module")
def review() -> Pack:
    return changed("p06", "handling_review.yaml")


@pytest.fixture(scope="module")
def repairs() -> Pack:
    return changed("s16", BONUS)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ('sample: checked, drawn: "2", left: "2", base: "20"', ""),
        ("sample: checked, since: 2026-07-01 00:00, until: 2026-10-01 00:00", ""),
        ('sample: checked, drawn: "3"', "抽样 checked 抽出应为 3 件，实为 2 件"),
        ('sample: checked, base: "21"', "抽样 checked 从中抽的应为 21 件，实为 20 件"),
        ('sample: checked, left: "0"', "抽样 checked 还没有查的应为 0 件，实为 2 件"),
        ("sample: checked, since: 2026-04-01 00:00", "的 since 应为 2026-04-01 00:00，实为 2026-07-01 00:00"),
        ("sample: checked, is: none", "不应抽样 checked，实抽出 2 件"),
        ("sample: checks", "没有抽样 checks"),
        ('drawn: "2"', "drawn 要同 sample 写在一起"),
    ],
)
def test_a_scenario_sees_what_was_drawn(claim: str, told: str, review: Pack) -> None:
    said = " ".join(one.text for one in run(f"{DRAWN}    expect: [{{{claim}}}]\n", review).differences)
    assert said.endswith(told) if told else not said


def test_what_nobody_says_that_there_is_cannot_be_drawn(review: Pack) -> None:
    without = DRAWN.replace('    found: {checked: "20"}\n', "")
    assert run(f'{without}    expect: [{{sample: checked, base: "0", drawn: "0"}}]\n', review).passed


def test_a_scenario_sees_whether_a_case_counts(review: Pack) -> None:
    scenario = """
defaults: {channel: 电话, title: 灯不亮, content: 两周不亮}
scenarios:
  - scenario: 丙
    kind: complaint
    given: [{at: 2026-07-06 09:00, step: receive}]
    expect: """
    for claim, told in (
        ("counted: closed, is: none", ""),
        ("counted: closed", "应计入指标 closed，实不计入"),
        ("counted: close", "没有指标 close"),
    ):
        said = " ".join(one.text for one in run(f"{scenario}[{{{claim}}}]\n", review).differences)
        assert said.endswith(told) if told else not said


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ('facts: {rated_count: "12", good_share: "66.7", poor_count: "0"}', ""),
        ("measured: rated_count, since: 2026-04-01 00:00, until: 2026-07-01 00:00", ""),
        ("measured: rated_count, until: 2026-06-30 00:00", "的 until 应为 2026-06-30 00:00，实为 2026-07-01 00:00"),
        ("measured: rated_count, is: none", "不应算出 rated_count"),
        ("measured: workers", "应由指标算出 workers，实没有算"),
    ],
)
def test_a_scenario_sees_what_was_worked_out_of_other_cases(claim: str, told: str, repairs: Pack) -> None:
    said = " ".join(one.text for one in run(f"{REWARDED}    expect: [{{{claim}}}]\n", repairs).differences)
    assert said.endswith(told) if told else not said


def test_how_many_there_are_is_a_number() -> None:
    with pytest.raises(PackInvalid, match="看不懂这个数，请写成 12"):
        read_scenarios({"a.yaml": DRAWN.replace('"20"', "许多")}, ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("figure", "count", "total", "found"),
    [
        (Figure.COUNT, 3, "3", "3"),
        (Figure.COUNT, 0, "0", "0"),
        (Figure.SHARE, 3, "2", "66.7"),
        (Figure.SHARE, 0, "0", None),
        (Figure.MEAN, 3, "10", "3.33"),
        (Figure.MEAN, 8, "1", "0.13"),
        (Figure.MEAN, 0, "0", None),
        (Figure.SUM, 3, "10.005", "10.01"),
        (Figure.SUM, 0, "0", "0.00"),
    ],
)
def test_a_figure_has_the_places_that_people_read(figure: Figure, count: int, total: str, found: str | None) -> None:
    made = figure_of(figure, count, Decimal(total))
    assert (None if made is None else str(made)) == found


@pytest.mark.parametrize(
    ("old", "new", "said", "helped"),
    [
        (
            "work_order.good_share",
            "work_order.good",
            "维修工单没有指标 good",
            "可用：work_order.rated",
        ),
        ("starts: bonus.opened", "starts: bonus.open", "没有事件 bonus.open", "bonus.opened"),
        ("type: number, measured", "type: text, measured", "由指标算出的是数", "数（number）或金额（money）"),
        ("type: number, measured", "type: money, measured", "指标 good_share 不是金额", "请把 good_share 写成 number"),
        ("measured: {of", "by: [finance], measured: {of", "不能再写 by", ""),
    ],
)
def test_a_figure_of_which_something_is_wrong_is_told(old: str, new: str, said: str, helped: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("s16", BONUS, (GOOD, GOOD.replace(old, new)))
    told = "\n".join(str(problem) for problem in caught.value.problems)
    assert said in told
    assert helped in told


def test_nobody_fills_in_what_the_program_works_out_and_no_condition_reads_a_measure_itself() -> None:
    with pytest.raises(PackInvalid, match="rated_count（有评价的工单数）是推算出来的，不能由人填写"):
        changed("s16", BONUS, ("may: [poor_note]", "may: [poor_note, rated_count]"))
    reads = ("measures:\n", "measures:\n")
    guard = "guards:\n  none_rated: {steps: [pay], unless: {rated: {at_least: 1}}, says: 有评价, clause: 3.5.10a}\n"
    with pytest.raises(PackInvalid, match="rated（有评价的工单）是指标，由许多案件一起算") as caught:
        changed("s16", "work_order.yaml", reads, ("guards:\n", guard))
    assert "请写一个 number 类型、有 measured（由指标算出）的事实" in str(caught.value)
