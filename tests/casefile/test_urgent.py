"""Which cases the program takes up first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kesu.casefile.projection import is_urgent
from kesu.policy.telling.rules import told_rules
from tests.world import MONDAY, World, pack, standing_of


def test_a_case_is_urgent_at_the_highest_level_or_while_it_owes_what_the_policy_calls_urgent(world: World) -> None:
    case = world.register("wutong")
    kind = pack("p10").kinds["complaint"]
    now = standing_of(case, MONDAY + timedelta(minutes=5))
    (owed,) = (one.duty for one in now.open_obligations)
    urgent = replace(kind, duties=kind.duties | {owed: replace(kind.duties[owed], urgent=True)})

    assert not is_urgent(kind, now)
    assert is_urgent(urgent, now)

    world.take(case, "inform", "wutong", MONDAY + timedelta(minutes=6))
    done = standing_of(case, MONDAY + timedelta(minutes=7))
    assert owed not in {one.duty for one in done.open_obligations}
    assert not is_urgent(urgent, done)
    assert is_urgent(kind, replace(done, level=kind.levels.order[-1].code if kind.levels else None))


def test_the_alarms_of_p12_are_urgent_and_the_printed_policy_says_so() -> None:
    kind = pack("p12").kinds["complaint"]

    assert {code for code, duty in kind.duties.items() if duty.urgent} == {
        "alert_dept",
        "report_leader",
        "report_board",
    }
    assert "紧急，先于别的诉件" in told_rules(kind)["duties.alert_dept"]
