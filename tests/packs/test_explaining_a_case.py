"""The explanation of a case that lies in the database."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kesu.core.errors import NotFound
from kesu.policy.explain import explain_lines
from kesu.queries.cases.explain_case import explain_case
from tests.world import MONDAY, World

ZONE = ZoneInfo("Asia/Shanghai")


def test_it_explains_a_registered_case_by_number_and_by_id(world: World) -> None:
    case_id = world.register()
    found = explain_case(at=MONDAY, case_ref=str(case_id))
    lines = explain_lines(found.pack, found.kind, found.standing, ZONE)
    assert "阶段 已接报" in lines
    assert any(line.startswith("  知会客服专管员：首问责任人，最迟 2026-06-08 10:30") for line in lines)
    again = explain_case(at=MONDAY, case_ref=found.number)
    assert explain_lines(again.pack, again.kind, again.standing, ZONE) == lines


def test_it_explains_the_case_as_it_stands_later(world: World) -> None:
    case_id = world.register()
    found = explain_case(at=MONDAY + timedelta(days=15), case_ref=str(case_id))
    assert "级别 热点 §3.4.2" in explain_lines(found.pack, found.kind, found.standing, ZONE)


def test_it_does_not_find_what_is_not_there(world: World) -> None:
    with pytest.raises(NotFound):
        explain_case(at=MONDAY, case_ref="TS-26-9999")
