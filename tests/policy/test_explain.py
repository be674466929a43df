"""The printed explanation says everything that the engine says, in words of the pack."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar import sample_calendar
from kesu.policy.explain import explain_lines
from kesu.policy.model.pack import Pack
from kesu.policy.scenarios import Scenario, Ways, read_scenarios
from kesu.policy.scenarios.runner import play

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_library().load("p10")


def scenario(name: str, variant: int) -> Scenario:
    found = read_scenarios(read_library().scenarios("p10"), ZONE)
    return next(each for each in found if each.name == name and each.variant == variant)


def explained(pack: Pack, name: str, variant: int, later: timedelta = timedelta()) -> list[str]:
    course = play(pack.kinds, scenario(name, variant), sample_calendar(), Ways())
    at: datetime = course.log[-1].at + later
    return explain_lines(pack, course.kind, course.now(at), ZONE)


def test_it_shows_the_arithmetic_of_a_due_instant_line_by_line(pack: Pack) -> None:
    lines = explained(pack, "上班和下班接诉，一小时的知会按工作时间走", 3)
    begin = lines.index("  知会客服专管员：首问责任人，最迟 2026-07-07 09:40，进行中 §1.2、§1.3")
    assert lines[begin + 1 : begin + 6] == [
        "    时限 1工作小时",
        "    起算 2026-07-06 17:40",
        "    上班 2026-07-06 17:40 至 2026-07-06 18:00，20 分钟",
        "    上班 2026-07-07 09:00 至 2026-07-07 09:40，40 分钟",
        "    到期 2026-07-07 09:40",
    ]


def test_it_says_that_a_duty_is_overdue(pack: Pack) -> None:
    lines = explained(pack, "上班和下班接诉，一小时的知会按工作时间走", 1, timedelta(hours=3))
    assert any("知会客服专管员" in line and "已超时" in line for line in lines)


def test_it_gives_the_reason_of_a_level_and_what_would_raise_it_next(pack: Pack) -> None:
    lines = explained(pack, "集体投诉的人数，三人热点，十人重大，正好在边上", 2)
    assert "级别 热点 §3.4.2" in lines
    assert any("一般 → 热点 3 人以上集体投诉（投诉人数 3）" in line for line in lines)
    assert any(line.startswith("  将升 重大：投诉人数现为 3，到 10") for line in lines)


def test_it_says_what_may_be_done_and_why_the_rest_may_not(pack: Pack) -> None:
    lines = explained(pack, "热点件未批先答，拒绝", 1)
    may, may_not = lines.index("现在可办"), lines.index("现在不可办")
    assert any(line.startswith("  联合审核：") for line in lines[may:may_not])
    assert "  答复方案：须先经联合审核和领导批准，才能答复方案，缺 联合审核、领导批准 §5.2" in lines[may_not:]


def test_it_prints_the_version_of_the_policy(pack: Pack) -> None:
    assert explained(pack, "集体投诉的人数，三人热点，十人重大，正好在边上", 2)[0] == (
        f"制度 客户投诉处理流程 1.0（QY-KH-LC001），指纹 {pack.hash[:12]}"
    )
