"""A limit that is a share of another duty's."""

from __future__ import annotations

import pytest

from kesu.policy.calendar import parse_duration
from kesu.policy.language.shares import share_of
from tests.policy.times.desk import desk, happens, mistakes, moves, told

PLAIN = "10天"
BY_TABLE = "{table: [{when: {urgent: 是}, use: 1个工作日}, {else: 3个工作日}]}"


def duties(within: str = PLAIN, share: str = "{share: 50%, of: solve}") -> str:
    return (
        f'solve: {{name: 办妥, starts: wish.heard, owner: clerk, within: {within}, met_by: wish.closed, clause: "2"}}\n'
        f'look: {{name: 查看, starts: wish.heard, owner: clerk, within: {share}, met_by: wish.checked, clause: "3"}}'
    )


@pytest.mark.parametrize(
    ("length", "percent", "share"),
    [
        ("10天", 50, "5天"),
        ("3个工作日", 50, "3个半天"),
        ("1小时", 25, "15分钟"),
        ("1年", 50, "6个月"),
        ("2周", 50, "1周"),
        ("1周", 100, "1周"),
        ("半个月", 80, "12天"),
    ],
)
def test_a_share_is_written_in_the_unit_of_the_whole_or_in_a_finer_one(length: str, percent: int, share: str) -> None:
    assert share_of(parse_duration(length), percent) == parse_duration(share)


def test_half_the_limit_of_another_duty_counts_from_the_own_start() -> None:
    happens(
        desk(duties=duties().replace("look: {name: 查看, starts: wish.heard", "look: {name: 查看, starts: wish.set")),
        "{at: 2026-07-03 10:00, step: set}",
        expect="{obligation: solve, due: 2026-07-11 24:00},"
        "{obligation: look, due: 2026-07-08 24:00, receipt: [share, start, counted, due]}",
    )


def test_it_follows_the_table_of_the_other_duty() -> None:
    policy = desk(duties=duties(BY_TABLE))
    happens(policy, expect="{obligation: look, due: 2026-07-02 14:30}")
    happens(
        policy,
        "{at: 2026-07-01 11:00, step: set, facts: {urgent: 是}}",
        expect="{obligation: solve, due: 2026-07-02 18:00}, {obligation: look, due: 2026-07-01 14:30}",
    )


def test_it_may_be_one_row_of_a_table_and_one_of_several_limits() -> None:
    row = "{table: [{when: {urgent: 是}, use: {share: 20%, of: solve}}, {else: 7天}]}"
    happens(
        desk(duties=duties(share=row)),
        "{at: 2026-07-01 11:00, step: set, facts: {urgent: 是}}",
        expect="{obligation: look, due: 2026-07-03 24:00}",
    )
    several = '[{share: 50%, of: solve, clause: "3"}, {fact: promised_on, clause: "3"}]'
    happens(desk(duties=duties(share=several)), expect="{obligation: look, due: 2026-07-06 24:00}")


def test_what_cannot_be_shared_is_refused_with_what_to_write() -> None:
    assert "写成百分数" in mistakes(duties=duties(share="{share: 一半, of: solve}"))
    assert "没有义务 solv" in mistakes(duties=duties(share="{share: 50%, of: solv}"))
    assert "请写 of" in mistakes(duties=duties(share="{share: 50%}"))
    assert "10天的 33% 不是整数" in mistakes(duties=duties(share="{share: 33%, of: solve}"))
    assert "不是一段长度" in mistakes(duties=duties("{fact: promised_on}"))
    assert "不是一段长度" in mistakes(duties=duties("{share: 50%, of: look}"))


def test_the_printed_policy_says_whose_share_it_is_and_the_proof_moves_it() -> None:
    assert "在“办妥”的期限的 50%（5天）内完成" in told("duties.look", duties=duties())
    assert {"5天→4天", "5天→6天"} <= set(moves("duties.look.within", duties=duties()))
