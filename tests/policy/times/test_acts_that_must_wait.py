"""A step that may only be taken from a moment on, or after a wait: refused before, with the moment named."""

from __future__ import annotations

import pytest

from kesu.policy.standing import StepRefused
from tests.policy.standing.kinds import CALENDAR, Log, at, local
from tests.policy.times.desk import desk, happens, mistakes, moves, told, wish


def call(window: str) -> str:
    return f'call: {{name: 回访, by: clerk, event: wish.called, open_for: {window}, clause: "3"}}'


WAITS = call("{since: wish.answered, after: 24小时}")
ANSWERED = "{at: 2026-07-02 10:00, step: answer}"


def test_before_the_wait_is_over_it_is_refused_under_its_clause_and_afterwards_it_is_taken() -> None:
    happens(
        desk(steps=WAITS),
        ANSWERED,
        '{at: 2026-07-03 09:59, step: call, refused: "3"}',
        "{at: 2026-07-03 10:00, step: call}",
        expect="{at: 2026-07-02 10:00, not_allowed: call, wake_at: 2026-07-03 10:00},"
        "{at: 2026-07-03 10:00, allowed: call}",
    )


def test_the_refusal_names_the_moment() -> None:
    log = Log(wish(steps=WAITS)).add("2026-07-01 10:00", "wish.heard").add("2026-07-02 10:00", "wish.answered")
    with pytest.raises(StepRefused) as refused:
        log.take("2026-07-02 11:00", "call", ("clerk",))
    assert [(one.kind.value, one.name) for refusal in refused.value.refusals for one in refusal.missing] == [
        ("opens", "2026-07-03 10:00")
    ]


def test_a_wait_in_workdays_goes_by_the_calendar() -> None:
    happens(
        desk(steps=call("{since: wish.answered, after: 2个工作日}")),
        "{at: 2026-07-03 10:00, step: answer}",
        expect="{at: 2026-07-07 09:59, not_allowed: call}, {at: 2026-07-07 10:00, allowed: call}",
    )


def test_without_what_it_waits_for_it_is_refused() -> None:
    happens(desk(steps=WAITS), expect="{not_allowed: call, missing: wish.answered}")


def test_a_window_may_open_late_and_shut_again() -> None:
    happens(
        desk(steps=call("{since: wish.answered, after: 1天, within: 3天, times: 1}")),
        ANSWERED,
        expect="{at: 2026-07-03 09:59, not_allowed: call}, {at: 2026-07-03 10:00, allowed: call},"
        "{at: 2026-07-05 24:00, allowed: call}, {at: 2026-07-06 00:01, not_allowed: call}",
    )


def test_it_may_open_with_a_date_that_is_stated() -> None:
    policy = desk(steps=call("{since: fact.promised_on}"))
    happens(policy, expect="{not_allowed: call, missing: promised_on}")
    happens(
        policy,
        "{at: 2026-07-01 11:00, step: set, facts: {promised_on: 2026-07-04}}",
        expect="{at: 2026-07-03 23:59, not_allowed: call, wake_at: 2026-07-04 00:00},"
        "{at: 2026-07-04 00:00, allowed: call}",
    )


def test_a_date_that_is_moved_on_shuts_it_again() -> None:
    happens(
        desk(steps=call("{since: fact.promised_on}")),
        "{at: 2026-07-01 11:00, step: set, facts: {promised_on: 2026-07-04}}",
        "{at: 2026-07-05 11:00, step: set, facts: {promised_on: 2026-07-08}}",
        expect="{at: 2026-07-05 10:00, allowed: call}, {at: 2026-07-05 11:00, not_allowed: call},"
        "{at: 2026-07-08 00:00, allowed: call}",
    )


def test_the_moment_of_a_stated_date_is_named_before_it_comes() -> None:
    log = Log(wish(steps=call("{since: fact.meets_at, after: 2小时}")))
    log.add("2026-07-01 10:00", "wish.heard").add("2026-07-01 11:00", "wish.set", meets_at=at("2026-07-04 15:00"))
    standing = log.at("2026-07-02 10:00")
    state = next(step for step in standing.steps if step.code == "call")
    assert [one.name for refusal in state.refusals for one in refusal.missing] == ["2026-07-04 17:00"]
    assert local(standing.wake_at) == "2026-07-04 15:00"
    assert CALENDAR.zone == "Asia/Shanghai"


def test_a_window_without_any_length_is_refused_with_what_to_write() -> None:
    assert "请写 within（时限）" in mistakes(steps=call("{since: wish.answered}"))
    assert '"当天"不是要等过的时间' in mistakes(steps=call("{since: wish.answered, after: 当天}"))
    assert "就没有逾期" in mistakes(steps=call("{since: wish.answered, after: 1天, late: {by: chief}}"))


def test_the_printed_policy_says_how_long_to_wait_and_the_proof_moves_it() -> None:
    assert told("steps.call", steps=WAITS).endswith("；自答复起满 24小时才可以办。")
    assert {"24小时→23小时", "24小时→25小时"} <= set(moves("steps.call.opening", steps=WAITS))
