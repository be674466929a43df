"""A pack told back in Chinese: every rule in a sentence that a manager can read and sign."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time

import pytest

from kesu.casefile.library import read_library
from kesu.policy.calendar.duration import Duration, parse_duration
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.schedule import Due, Every, Schedule
from kesu.policy.model.stretching import Extension
from kesu.policy.ruleset import rules_of
from kesu.policy.telling.document import pack_lines
from kesu.policy.telling.rules import told_rules

LIBRARY = read_library()
PACKS = {code: LIBRARY.load(code) for code in LIBRARY.codes}
CODE = re.compile(r"[a-z]+_[a-z_]+|[a-z]+\.[a-z_]+")


def told(address: str, code: str = "p10", kind: str = "complaint") -> str:
    return told_rules(PACKS[code].kinds[kind])[address]


@pytest.mark.parametrize("code", LIBRARY.codes)
def test_it_says_every_rule_and_shows_no_code(code: str) -> None:
    for kind in PACKS[code].kinds.values():
        sentences = told_rules(kind)
        assert sentences.keys() == {rule.address for rule in rules_of(kind)}
        plain = {address: re.sub(r"\{[a-z_]+\}", "", sentence) for address, sentence in sentences.items()}
        assert {address: sentence for address, sentence in plain.items() if CODE.search(sentence)} == {}


def test_a_duty_says_from_when_who_until_when_and_what_follows() -> None:
    assert told("duties.callback") == (
        "“回访验证”：自报告办妥起，由客户服务部在 3个工作日内完成，以回访为准；"
        "用去 50% 时、用去 80% 时提醒；逾期即报客户服务部经理。"
    )


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (parse_duration("5个工作日"), "延长 5个工作日"),
        (FactRef("finish_on"), "按答应完成的日期延期"),
    ],
)
def test_a_duty_says_by_how_much_it_may_be_extended(length: FactRef | Duration, said: str) -> None:
    kind = PACKS["p10"].kinds["complaint"]
    longer = replace(kind.duties["callback"], extension=Extension("callback.done", length, times=1))
    sentence = told_rules(replace(kind, duties={**kind.duties, "callback": longer}))["duties.callback"]
    assert f"；回访以后，{said}，最多 1 次；" in sentence


def test_a_level_says_its_condition() -> None:
    assert told("levels.rules[3]") == "投诉人数达到 10（含），或一个月内同一事项投诉人数达到 10（含）的，为重大。"
    assert "自接报起满 1个月（只算延误原因为我方的时间）" in told("levels.rules[4]")


def test_a_guard_says_what_is_refused_and_why() -> None:
    assert told("guards.reply_locked") == (
        "办“答复方案”，级别为重要及以上的，须经“联合审核”、“领导批准”批准，否则不能办：须先经联合审核和领导批准，才能答复方案。"
    )


def test_an_approval_says_who_signs_after_whom() -> None:
    said = told("approvals.joint_review")
    assert "由责任部门的部门第一负责人，再由" in said
    assert "其余的，（这一环略过）" in said
    assert "本人所写的本人不能审" in said


def test_a_standing_duty_says_how_often() -> None:
    assert told("schedule", kind="bulletin") == (
        "每个公司每月一件“投诉统计分析报告”，期满由系统开立，期满后 3个工作日到期。"
    )


@pytest.mark.parametrize(
    ("every", "due", "said"),
    [
        (Every.MONTH, Due(), "每月一件“投诉统计分析报告”，期初由系统开立，期末最后一天到期。"),
        (Every.WEEK, Due(weekday=5, at=time(18)), "每周一件“投诉统计分析报告”，期初由系统开立，周五 18:00到期。"),
        (Every.MONTH, Due(day=25), "每月一件“投诉统计分析报告”，期初由系统开立，当月 25 日到期。"),
        (Every.YEAR, Due(day=25), "每年一件“投诉统计分析报告”，期初由系统开立，最后一个月 25 日到期。"),
        (Every.QUARTER, Due(month=2, day=15), "每季度一件“投诉统计分析报告”，期初由系统开立，第 2 个月 15 日到期。"),
    ],
)
def test_a_due_day_is_said(every: Every, due: Due, said: str) -> None:
    kind = replace(PACKS["p10"].kinds["bulletin"], schedule=Schedule(every, due, None, ("D1d",)))
    assert told_rules(kind)["schedule"].endswith(said)


def test_it_is_said_for_how_long_and_how_often_after_that() -> None:
    assert told_rules(PACKS["s16"].kinds["coordination_meeting"])["schedule"] == (
        "每个项目从交付起 1年内每周一件“投诉协调例会”，期初由系统开立，期末最后一天到期。以后每月一件。"
    )


def test_the_document_answers_every_clause_and_ends_with_signatures() -> None:
    pack = PACKS["p10"]
    text = "\n".join(pack_lines(pack))
    for clause in pack.clauses.values():
        assert f"## {clause.printed}　{clause.text}" in text
    assert "- 本版还没有规则：" in text
    assert "- 回访期限：3个工作日（原文没有期限）。" in text
    assert text.rstrip().endswith("批准：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿")
