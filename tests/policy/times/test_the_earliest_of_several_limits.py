"""A duty under several limits: the earliest of them counts, and the receipt says what the others were."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from kesu.policy.calendar import LineCode, Receipt
from kesu.policy.explain import explain_lines
from kesu.policy.ruleset import rules_of
from tests.policy.standing.kinds import Log, obligation
from tests.policy.times.desk import desk, happens, mistakes, moves, told, wish

BOTH = """
answer: {name: 答复, starts: wish.heard, owner: clerk, met_by: wish.answered, clause: "2",
  within: [{time: 3个工作日, clause: "2"}, {fact: promised_on, clause: "3"}]}
"""


def test_the_length_counts_while_no_date_is_promised() -> None:
    happens(desk(duties=BOTH), expect="{obligation: answer, due: 2026-07-06 18:00, receipt: [chosen, counted]}")


def test_a_promise_counts_where_it_is_earlier_and_is_passed_over_where_it_is_later() -> None:
    promised = "{{at: 2026-07-01 11:00, step: set, facts: {{promised_on: {}}}}}"
    happens(
        desk(duties=BOTH),
        promised.format("2026-07-03"),
        expect="{obligation: answer, due: 2026-07-03 24:00, receipt: [chosen, stated, passed_over]}",
    )
    happens(
        desk(duties=BOTH),
        promised.format("2026-07-07"),
        expect="{obligation: answer, due: 2026-07-06 18:00, receipt: [chosen, counted, passed_over]}",
    )


def test_a_promise_that_is_made_too_late_is_due_when_it_is_made() -> None:
    happens(
        desk(duties=BOTH),
        "{at: 2026-07-02 11:00, step: set, facts: {promised_on: 2026-07-01}}",
        expect="{obligation: answer, due: 2026-07-02 11:00, receipt: [moved]}",
    )


def test_the_receipt_keeps_each_limit_with_its_clause() -> None:
    log = Log(wish(duties=BOTH)).add("2026-07-01 10:00", "wish.heard", promised_on=date(2026, 7, 3))
    receipt = obligation(log.at("2026-07-01 10:00"), "answer").receipt
    assert receipt is not None
    assert Receipt.from_document(receipt.to_document()) == receipt
    limits = [(line.code, line.label, line.clauses) for line in receipt.lines if line.clauses]
    assert limits == [
        (LineCode.CHOSEN, "答应的日期", ("3",)),
        (LineCode.PASSED_OVER, "3个工作日", ("2",)),
    ]


def test_the_explanation_unfolds_them() -> None:
    pack = desk(duties=BOTH)
    log = Log(pack.kinds["wish"]).add("2026-07-01 10:00", "wish.heard", promised_on=date(2026, 7, 3))
    lines = explain_lines(pack, pack.kinds["wish"], log.at("2026-07-01 10:00"), ZoneInfo("Asia/Shanghai"))
    assert [line.strip() for line in lines if "最早" in line or "不取" in line or "答应" in line] == [
        "取最早的：答应的日期 第三条",
        "答应的日期 2026-07-03",
        "3个工作日 第二条要到 2026-07-06 18:00，不取",
    ]


def test_each_limit_names_its_clause_and_there_are_at_least_two() -> None:
    assert "每个都要写自己的条款" in mistakes(duties=BOTH.replace('{time: 3个工作日, clause: "2"}', "3个工作日"))
    assert "这里不到两个" in mistakes(duties=BOTH.replace(', {fact: promised_on, clause: "3"}', ""))


def test_a_clause_that_only_a_limit_names_is_answered_by_the_duty() -> None:
    rule = next(rule for rule in rules_of(wish(duties=BOTH)) if rule.address == "duties.answer")
    assert rule.clauses == ("2", "3")


def test_the_printed_policy_says_all_of_them() -> None:
    assert "由店员在 3个工作日内，或按答应的日期（取最早的）完成" in told("duties.answer", duties=BOTH)


def test_the_proof_takes_each_of_them_away() -> None:
    assert {"不再在 3个工作日内", "不再按答应的日期"} <= set(moves("duties.answer", duties=BOTH))
