"""A limit that counts back from a date that is known: a notice so many days before a meeting."""

from __future__ import annotations

from tests.policy.times.desk import desk, happens, mistakes, moves, told


def invite(limit: str) -> str:
    rest = 'met_by: wish.answered, clause: "3"'
    return f"invite: {{name: 通知见面, starts: wish.heard, owner: clerk, within: {limit}, {rest}}}"


MEETS_ON = "{{at: 2026-07-01 11:00, step: set, facts: {{promised_on: {}}}}}"
MEETS_AT = "{{at: 2026-07-01 11:00, step: set, facts: {{meets_at: {}}}}}"


def test_it_is_due_at_the_end_of_the_day_that_lies_so_many_days_before_the_date() -> None:
    happens(
        desk(duties=invite("{before: 3天, of: promised_on}")),
        MEETS_ON.format("2026-07-10"),
        expect="{obligation: invite, due: 2026-07-07 24:00, receipt: [start, ahead, due]}",
    )


def test_workdays_are_counted_back_to_the_end_of_work() -> None:
    happens(
        desk(duties=invite("{before: 3个工作日, of: promised_on}")),
        MEETS_ON.format("2026-07-13"),
        expect="{obligation: invite, due: 2026-07-08 18:00}",
    )


def test_before_an_instant_the_length_is_taken_off_the_instant() -> None:
    happens(
        desk(duties=invite("{before: 24小时, of: meets_at}")),
        MEETS_AT.format("2026-07-10 15:00"),
        expect="{obligation: invite, due: 2026-07-09 15:00}",
    )


def test_nothing_is_due_until_the_date_is_known_and_it_follows_when_the_date_is_moved() -> None:
    policy = desk(duties=invite("{before: 1个月, of: promised_on}"))
    happens(policy, expect="{obligation: invite, due: none}")
    happens(
        policy,
        MEETS_ON.format("2026-09-10"),
        "{at: 2026-07-02 11:00, step: set, facts: {promised_on: 2026-09-30}}",
        expect="{obligation: invite, due: 2026-08-30 24:00}",
    )


def test_what_is_asked_for_too_late_is_due_at_once_and_not_before() -> None:
    happens(
        desk(duties=invite("{before: 10天, of: promised_on}")),
        heard="{at: 2026-07-01 10:00, step: hear, facts: {promised_on: 2026-07-03}}",
        expect="{obligation: invite, due: 2026-07-01 10:00, receipt: [ahead, moved]}",
    )


def test_a_length_that_cannot_be_counted_back_is_refused_with_what_to_write() -> None:
    assert '"当天"不能往前数' in mistakes(duties=invite("{before: 当天, of: promised_on}"))
    assert "不知道在哪一天之前" in mistakes(duties=invite("{before: 3天}"))
    assert "不是日期或时间" in mistakes(duties=invite("{before: 3天, of: urgent}"))
    assert "没有顺延" in mistakes(duties=invite("{before: 3天, of: promised_on, holiday: {if: end, to: end_of_work}}"))


def test_the_printed_policy_says_before_which_date() -> None:
    assert "最迟在答应的日期之前 3天完成" in told("duties.invite", duties=invite("{before: 3天, of: promised_on}"))


def test_the_proof_moves_its_figure_and_its_clock() -> None:
    found = moves("duties.invite.within", duties=invite("{before: 3天, of: promised_on}"))
    assert {"3天→2天", "3天→4天", "3天→3个工作日"} <= set(found)
