"""A date that was stated, compared with the present day or instant."""

from __future__ import annotations

import pytest

from tests.policy.times.desk import desk, happens, mistakes, moves, told

SET_ON = "{at: 2026-07-01 11:00, step: set, facts: {promised_on: 2026-07-03}}"
SET_AT = "{at: 2026-07-01 11:00, step: set, facts: {meets_at: 2026-07-03 15:00}}"


def guard(test: str) -> str:
    return f'valid: {{steps: [answer], unless: {{{test}}}, says: 已过有效期, clause: "3"}}'


@pytest.mark.parametrize(
    ("test", "day_before", "day", "day_after"),
    [
        ("promised_on: {at_least: 今天}", True, True, False),
        ("promised_on: {above: 今天}", True, False, False),
        ("promised_on: {at_most: 今天}", False, True, True),
        ("promised_on: {below: 今天}", False, False, True),
        ("promised_on: 今天", False, True, False),
    ],
)
def test_a_date_is_compared_with_the_local_day(*, test: str, day_before: bool, day: bool, day_after: bool) -> None:
    said = {True: "allowed", False: "not_allowed"}
    happens(
        desk(guards=guard(test)),
        SET_ON,
        expect=f"{{at: 2026-07-02 23:59, {said[day_before]}: answer}},"
        f"{{at: 2026-07-03 00:00, {said[day]}: answer}}, {{at: 2026-07-03 23:59, {said[day]}: answer}},"
        f"{{at: 2026-07-04 00:00, {said[day_after]}: answer}}",
    )


def test_a_date_with_a_time_is_compared_with_the_instant() -> None:
    happens(
        desk(guards=guard("meets_at: {at_least: 此刻}")),
        SET_AT,
        expect="{wake_at: 2026-07-03 15:00}, {at: 2026-07-03 15:00, allowed: answer},"
        "{at: 2026-07-03 15:01, not_allowed: answer}",
    )


def test_a_date_that_nobody_stated_is_in_no_relation_to_now() -> None:
    happens(desk(guards=guard("promised_on: {at_least: 今天}")), expect="{not_allowed: answer, wake_at: none}")


def test_it_wakes_the_case_when_the_day_begins_and_when_it_is_over() -> None:
    happens(
        desk(guards=guard("promised_on: 今天")),
        SET_ON,
        expect="{wake_at: 2026-07-03 00:00}, {at: 2026-07-03 00:00, wake_at: 2026-07-04 00:00},"
        "{at: 2026-07-04 00:00, wake_at: none}",
    )


LEVELS = """
order: {calm: 不急, urgent: 急}
rules:
  - {level: urgent, name: 答应的日期过了, when: {promised_on: {below: 今天}}, clause: "3"}
  - {level: calm, else: 是, clause: "2"}
"""


def test_a_level_rises_when_the_date_has_passed_but_not_in_a_case_that_is_over() -> None:
    happens(
        desk(levels=LEVELS),
        SET_ON,
        expect="{level: calm, next_level: urgent, wake_at: 2026-07-03 00:00}, {at: 2026-07-04 00:00, level: urgent}",
    )
    happens(
        desk(levels=LEVELS),
        SET_ON,
        "{at: 2026-07-02 10:00, step: close}",
        expect="{wake_at: none}, {at: 2026-07-10 10:00, level: calm}",
    )


def test_a_duty_ends_when_the_date_it_waits_for_has_passed() -> None:
    keep = """
keep: {name: 留座, starts: wish.set, while: {promised_on: {at_least: 今天}}, owner: clerk, within: 30天,
  met_by: wish.answered, clause: "2"}
"""
    happens(
        desk(duties=keep),
        SET_ON,
        expect="{at: 2026-07-03 23:59, obligation: keep, is: open},"
        "{at: 2026-07-04 00:00, obligation: keep, is: lapsed}",
    )


def test_the_wrong_word_is_refused_with_the_right_one() -> None:
    assert "要与“今天”比" in mistakes(guards=guard("promised_on: {at_least: 此刻}"))
    assert "要与“此刻”比" in mistakes(guards=guard("meets_at: 今天"))


def test_the_printed_policy_and_the_proof_speak_of_now() -> None:
    rule = guard("promised_on: {at_least: 今天}")
    assert "答应的日期不早于今天" in told("guards.valid", guards=rule)
    assert {"at_least→at_most", "at_least→above"} <= set(moves("guards.valid.unless", guards=rule))
