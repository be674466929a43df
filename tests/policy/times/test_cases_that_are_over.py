"""A case that is over does not age."""

from __future__ import annotations

import pytest

from tests.policy.times.desk import desk, happens, mistakes, moves, told

AGEING = """
order: {calm: 不急, urgent: 急}
rules:
  - {level: urgent, name: 满十天, when: {elapsed: {since: wish.heard, at_least: 10天}}, clause: "2"}
  - {level: calm, else: 是, clause: "2"}
"""
AGES_ON = AGEING.replace("10天}}, clause", "10天}}, survives: 是, clause")
ANSWER = """
answer: {name: 答复, starts: wish.heard, owner: clerk, within: 10天, met_by: wish.answered, remind: [50%],
  overdue: [{after: 0分钟, tell: chief}], clause: "2"}
"""


def test_a_level_rises_by_age_while_the_case_is_open() -> None:
    happens(
        desk(levels=AGEING), expect="{level: calm, wake_at: 2026-07-11 10:00}, {at: 2026-07-11 10:00, level: urgent}"
    )


@pytest.mark.parametrize("end", ["close", "drop"])
def test_it_does_not_rise_once_the_case_is_closed_or_withdrawn(end: str) -> None:
    happens(
        desk(levels=AGEING),
        f"{{at: 2026-07-05 10:00, step: {end}}}",
        expect="{wake_at: none, next_level: none}, {at: 2026-08-01 10:00, level: calm}",
    )


def test_a_case_opened_again_goes_on_ageing_where_it_stopped() -> None:
    happens(
        desk(levels=AGEING),
        "{at: 2026-07-05 10:00, step: close}",
        "{at: 2026-07-25 10:00, step: again}",
        expect="{wake_at: 2026-07-31 10:00},{at: 2026-07-31 09:59, level: calm}, {at: 2026-07-31 10:00, level: urgent}",
    )


def test_a_rule_may_say_that_it_goes_on_after_the_end() -> None:
    happens(desk(levels=AGES_ON), "{at: 2026-07-05 10:00, step: close}", expect="{at: 2026-07-11 10:00, level: urgent}")


def test_duties_their_reminders_and_what_follows_them_end_with_the_case() -> None:
    happens(
        desk(duties=ANSWER),
        "{at: 2026-07-03 10:00, step: drop}",
        expect="{obligation: answer, is: lapsed}, {wake_at: none},"
        "{at: 2026-08-01 10:00, reminded: answer, is: none}, {at: 2026-08-01 10:00, escalated: answer, is: none}",
    )


def test_a_rule_that_tells_no_time_has_nothing_to_go_on_with() -> None:
    idle = AGES_ON.replace("when: {elapsed: {since: wish.heard, at_least: 10天}}", "when: {urgent: 是}")
    assert "这条规则不看时间" in mistakes(levels=idle)


def test_the_printed_policy_says_which_ages_stop() -> None:
    assert told("levels.rules[1]", levels=AGEING).endswith("为急；案件了结后不再计时。")
    assert told("levels.rules[1]", levels=AGES_ON).endswith("为急；结案后仍有效。")


def test_the_proof_asks_for_a_scenario_beyond_the_end() -> None:
    assert "结案后仍有效" in moves("levels.rules[1]", levels=AGEING)
    assert "结案后不再有效" in moves("levels.rules[1]", levels=AGES_ON)
