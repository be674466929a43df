"""Warnings that a step is taken against, steps that the program takes itself, and the way to a starting stage."""

from __future__ import annotations

import pytest

from kesu.policy.calendar import sample_calendar
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack
from kesu.policy.scenarios import Result, run_scenarios
from tests.policy.test_scenarios_running import CLAUSES, DEFAULTS, HEARD, KIND, PACK

GIVE_UP = '  give_up: {name: 放下, by: system, from: [heard], to: answered, event: wish.dropped, clause: "2"}\n'


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The urgent are only warned about the telephone; what nobody answered the program itself gives up."""
    kind = KIND.replace('says: 急的先打电话, clause: "4"', 'says: 急的先打电话, mode: warn, clause: "4"')
    kind = kind.replace("guards:\n", f"{GIVE_UP}guards:\n")
    overdue = "overdue: [{after: 0分钟, step: give_up}]"
    kind = kind.replace("met_by: wish.answered", f"met_by: [wish.answered, wish.dropped], {overdue}")
    return load_pack({"kiosk": {"pack.yaml": PACK, "clauses.yaml": CLAUSES, "wish.yaml": kind}}, "kiosk")


def run(pack: Pack, scenario: str) -> Result:
    (result,) = run_scenarios(pack, {"a.yaml": f"{DEFAULTS}scenarios:\n{scenario}"}, sample_calendar())
    return result


def answered(warned: str, people: int) -> str:
    """A wish of so many people, answered without a telephone call."""
    return (
        "  - scenario: 甲\n    given:\n      - {at: 2026-07-06 10:00, step: hear}\n"
        f"      - {{at: 2026-07-06 10:10, step: join, people: {people}}}\n"
        "      - {at: 2026-07-06 10:20, step: check}\n"
        f"      - {{at: 2026-07-06 11:00, step: answer{warned}}}\n    expect: [{{stage: answered}}]\n"
    )


def test_a_step_that_is_warned_about_is_taken_all_the_same(pack: Pack) -> None:
    assert run(pack, answered(', warned: "4"', 3)).passed


def test_a_warning_that_does_not_come_or_comes_from_elsewhere_fails(pack: Pack) -> None:
    silent = run(pack, answered(', warned: "4"', 1))
    assert [one.text for one in silent.differences] == ["answer 办成时应依据 4 提醒，实为：没有提醒"]
    other = run(pack, answered(', warned: "3"', 3))
    assert other.differences[0].text.startswith("answer 办成时应依据 3 提醒，实为：")
    assert "急的先打电话" in other.differences[0].text


def test_the_program_takes_a_step_when_time_is_up_and_not_before(pack: Pack) -> None:
    due = "    expect: [{at: 2026-07-08 23:59, taken: give_up, is: none}, {at: 2026-07-09 00:00, taken: give_up}]\n"
    assert run(pack, HEARD + due).passed
    early = run(pack, f"{HEARD}    expect: [{{at: 2026-07-08 23:59, taken: give_up}}]\n")
    assert "应有程序自己办的步骤 give_up，实无" in str(early)


def test_a_scenario_that_fails_says_by_which_steps_it_came_to_its_starting_stage(pack: Pack) -> None:
    given = "    given: [{at: 2026-07-06 10:00, step: answer}]\n"
    failed = run(pack, f"  - scenario: 甲\n    from: checked\n{given}    expect: [{{stage: heard}}]\n")
    assert str(failed).endswith("到阶段 checked 走的是：听取 → 核对")
    stopped = run(
        pack, '  - scenario: 甲\n    from: checked\n    given: [{at: 2026-07-06 10:00, step: hear, refused: "9"}]\n'
    )
    assert str(stopped).endswith("到阶段 checked 走的是：听取 → 核对")
    assert "走的是" not in str(run(pack, f"{HEARD}    expect: [{{stage: checked}}]\n"))
