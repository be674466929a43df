# ruff: noqa: E501 (a mistake, and what is said about it, are compared more easily on one line)
"""Tables: rows with clauses of their own, rows that several rules share, a notice whose readers a table names."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.model.conditions import Always
from kesu.policy.model.rules import COMPLAINANT, Who
from kesu.policy.ruleset import rules_of, without
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed

LIBRARY = read_library()
P01 = LIBRARY.load("p01").kinds["complaint"]
W01 = LIBRARY.load("w01").kinds["whistle_report"]


def test_a_row_with_a_clause_of_its_own_is_a_rule_of_its_own() -> None:
    rules = {rule.address: rule for rule in rules_of(P01)}
    assert rules["duties.result.within[1]"].clauses == ("4.1-2",)
    assert rules["duties.result.within[2]"].clauses == ("4.1-1",)
    told = told_rules(P01)
    assert told["duties.result.within[1]"] == "“反馈处理结果”：级别为较复杂的，在 7个工作日内。"
    assert told["duties.result.within[2]"] == "“反馈处理结果”：其余的，在 3个工作日内。"


def test_without_a_row_the_others_hold() -> None:
    rules = {rule.address: rule for rule in rules_of(P01)}
    first = without(P01, rules["duties.result.within[1]"]).duties["result"].within.rows
    assert [str(row.use[0].length) for row in first] == ["3个工作日"]
    last = without(P01, rules["duties.result.within[2]"]).duties["result"].within.rows
    assert [(str(row.use[0].length), row.when) for row in last] == [("7个工作日", Always())]


def test_rules_that_share_a_table_have_the_same_rows() -> None:
    assert W01.steps["screen"].by == W01.steps["investigate"].by
    assert [row.use for row in W01.steps["register"].by.rows] == [
        (Who("audit_supervision"),),
        (Who("board"),),
        (Who("discipline"),),
    ]


def test_a_notice_by_table_is_told_back_with_its_rows() -> None:
    notice = W01.notices["new_to_others"]
    assert len(notice.to.rows) == 3
    assert not notice.may_reach(COMPLAINANT)
    assert "告知由谁受理为审计监察部门的，审计监察部门" in told_rules(W01)["notices.new_to_others"]


MISTAKES = [
    ("table of no name", ("register: {name: 登记, by: {table: receivers}", "register: {name: 登记, by: {table: recievers}"), "没有共用的分档表 recievers。是不是 receivers"),
    ("table that nobody takes", ("\nsteps:\n", "  nobody:\n    table: [{else: discipline}]\n\nsteps:\n"), "tables.nobody：没有规则用这张分档表。用的地方写 {table: nobody}"),
    ("table without rows", ("\nsteps:\n", "  empty: {note: 空}\n\nsteps:\n"), "tables.empty：缺少 table（分档）"),
    ("row of a shared table", ("      - {when: {route: 审计监察部门}, use: audit_supervision}\n      - {when: {route: 董事会指定的人}, use: board}\n      - {else: discipline}",
     "      - {when: {route: 审计监察部}, use: audit_supervision}\n      - {else: discipline}"), "tables.receivers.table[1].when.route（由谁受理）：没有\"审计监察部\"这个值"),
    ("clause of a row", ("      - {else: discipline}\n  handlers:", "      - {else: discipline, clause: \"77\"}\n  handlers:"), "本制度没有 77 条"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_told_once_where_it_stands(change: tuple[str, str], said: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        changed("w01", "whistle_report.yaml", change)
    told = [str(problem) for problem in caught.value.problems]
    assert sum(said in one for one in told) == 1, told
