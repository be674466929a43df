"""Scenario texts are read strictly, with every mistake at its place."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from kesu.policy.errors import PackInvalid
from kesu.policy.scenarios.reading import read_instant, read_scenarios

ZONE = ZoneInfo("Asia/Shanghai")


def problems(text: str) -> list[str]:
    with pytest.raises(PackInvalid) as invalid:
        read_scenarios({"packs/x/scenarios/a.yaml": text}, ZONE)
    return [str(problem) for problem in invalid.value.problems]


def test_it_names_the_nearest_key_for_a_misspelt_one() -> None:
    (problem,) = problems("scenarios:\n  - scenario: 甲\n    givn: []\n")
    assert problem.startswith("packs/x/scenarios/a.yaml:3:5 场景：没有 givn 这个键。是不是 given？")


def test_it_finds_the_mistakes_of_all_entries_at_once() -> None:
    found = problems(
        "scenarios:\n"
        "  - scenario: 甲\n"
        "    given: [{at: 2026-07-06, step: a}, {at: 2026-07-06 10:00}, {step: b}]\n"
        "    expect: [{levl: hot}, {at: 2026-07-06 10:00}]\n"
    )
    assert len(found) == 5  # a bad instant, neither step nor world, no time, an unknown key, an empty expectation


@pytest.mark.parametrize("text", ["2026-07-06", "2026-07-06 25:00", "2026-07-06 24:01", "2026-13-01 10:00", "明天"])
def test_it_refuses_what_is_no_instant(text: str) -> None:
    assert read_instant(text, ZONE) is None


def test_it_reads_twenty_four_hours_as_the_midnight_that_ends_the_day() -> None:
    assert read_instant("2026-07-06 24:00", ZONE) == read_instant("2026-07-07 00:00", ZONE)


def test_it_lets_a_variant_replace_the_act_of_the_same_step_and_sorts_by_time() -> None:
    (scenario,) = read_scenarios(
        {
            "a.yaml": "scenarios:\n"
            "  - scenario: 甲\n"
            "    given: [{at: 2026-07-06 10:00, step: a}, {at: 2026-07-06 12:00, step: c}]\n"
            "    variants:\n"
            "      - given: [{at: 2026-07-06 11:00, step: b}, {at: 2026-07-06 13:00, step: a}]\n"
        },
        ZONE,
    )
    assert [(act.step, act.at.hour) for act in scenario.acts] == [("b", 11), ("c", 12), ("a", 13)]


def test_it_shares_the_defaults_of_a_file_without_scenarios() -> None:
    (scenario,) = read_scenarios(
        {"z.yaml": "defaults: {a: 一, b: 二}\n", "a.yaml": "defaults: {b: 三}\nscenarios: [{scenario: 甲}]\n"}, ZONE
    )
    assert scenario.defaults == {"a": "一", "b": "三"}
