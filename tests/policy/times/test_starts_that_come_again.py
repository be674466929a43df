"""What happens when the start of a duty comes again while it is open: nothing, or it begins anew."""

from __future__ import annotations

from tests.policy.standing.kinds import Log, local
from tests.policy.times.desk import desk, happens, moves, told, wish


def answer(more: str = "") -> str:
    return (
        f"answer: {{name: 答复, starts: [wish.heard, wish.set], {more} owner: clerk, within: 3天,"
        ' met_by: wish.answered, overdue: [{after: 0分钟, tell: chief}], clause: "2"}'
    )


ANEW = answer("restarts: 是,")
SET = "{at: 2026-07-02 10:00, step: set}"


def test_a_second_start_changes_nothing_where_the_policy_is_silent() -> None:
    happens(desk(duties=answer()), SET, expect="{obligation: answer, due: 2026-07-04 24:00}")


def test_a_second_start_begins_anew_where_the_policy_says_so() -> None:
    happens(
        desk(duties=ANEW),
        SET,
        expect="{obligation: answer, due: 2026-07-05 24:00, is: open},"
        "{at: 2026-07-04 24:00, escalated: answer, is: none}, {at: 2026-07-05 24:00, escalated: answer, to: chief}",
    )


def test_the_first_attempt_stays_in_the_history() -> None:
    log = Log(wish(duties=ANEW)).add("2026-07-01 10:00", "wish.heard").add("2026-07-02 10:00", "wish.set")
    first, second = log.at("2026-07-02 10:00").obligations
    assert [first.key, second.key] == ["answer@1", "answer@2"]
    assert (first.state.value, local(first.ended_at), local(first.due_at)) == (
        "renewed",
        "2026-07-02 10:00",
        "2026-07-05 00:00",
    )
    assert second.state.value == "open"


def test_what_had_run_over_before_stays_owed_to_those_who_must_know() -> None:
    happens(
        desk(duties=ANEW),
        "{at: 2026-07-06 10:00, step: set}",
        expect="{obligation: answer, due: 2026-07-09 24:00}, {escalated: answer, to: chief}",
    )


def test_meeting_it_meets_the_new_one() -> None:
    happens(
        desk(duties=ANEW),
        SET,
        "{at: 2026-07-03 10:00, step: answer}",
        expect="{obligation: answer, is: met, wake_at: none}",
    )


def test_each_value_begins_anew_by_itself() -> None:
    per = ANEW.replace("starts: [wish.heard, wish.set]", "starts: wish.set, per: promised_on")
    set_on = "{{at: {}, step: set, facts: {{promised_on: {}}}}}"
    happens(
        desk(duties=per),
        set_on.format("2026-07-02 10:00", "2026-08-01"),
        set_on.format("2026-07-03 10:00", "2026-08-02"),
        expect="{obligation: answer@2#2026-08-01, due: 2026-07-05 24:00},"
        "{obligation: answer@3#2026-08-02, due: 2026-07-06 24:00}",
    )


def test_the_printed_policy_says_so_and_the_proof_takes_it_away() -> None:
    assert "；再次发生的，重新起算" in told("duties.answer", duties=ANEW)
    assert "再次发生时不重新起算" in moves("duties.answer", duties=ANEW)
