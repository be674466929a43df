"""A kind that the program opens by itself: how it is written, and what is said of mistakes."""

from __future__ import annotations

import pytest

from kesu.casefile.library import read_library
from kesu.policy.errors import PackInvalid
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack
from kesu.policy.model.schedule import Every

AUDIT = """
kind: audit
like: occurrence
name: 自查
numbering: {prefix: ZC}
SCHEDULE
keeps: {complete: "1", duties.complete: "1"}
"""
PACK = """
pack: acme
title: 自查办法
version: "1"
status: effective
extends: base
kinds: [audit]
parameters:
  audit_period: {name: 多久自查一次, type: period, value: 季, clause: "1"}
"""
CLAUSES = '"1": {printed: 第一条, text: 定期自查, enforce: automatic}'
MONTHLY = 'schedule: {every: 月, clause: "1"}\n'
GOOD = 'schedule: {every: 周, due: {weekday: 周五, time: "18:00"}, in: company, clause: "1"}'


def load(schedule: str = GOOD, like: str = "occurrence") -> Pack:
    audit = AUDIT.replace("SCHEDULE", schedule).replace("like: occurrence", f"like: {like}")
    files = {**read_library().texts, "acme": {"pack.yaml": PACK, "clauses.yaml": CLAUSES, "audit.yaml": audit}}
    return load_pack(files, "acme")


def said(schedule: str) -> str:
    with pytest.raises(PackInvalid) as invalid:
        load(schedule)
    return str(invalid.value)


def test_a_kind_may_be_like_one_of_the_policy_above() -> None:
    kind = load().kinds["audit"]
    assert (kind.code, kind.name, kind.numbering.prefix) == ("audit", "自查", "ZC")
    assert kind.steps["complete"].clauses == ("1",)
    assert kind.schedule is not None
    assert (kind.schedule.every, kind.schedule.due.weekday, kind.schedule.place) == (Every.WEEK, 5, "company")


def test_a_company_may_set_the_period() -> None:
    kind = load('schedule: {every: {param: audit_period}, clause: "1"}').kinds["audit"]
    assert kind.schedule is not None
    assert kind.schedule.every is Every.QUARTER


@pytest.mark.parametrize(
    ("schedule", "what", "instead"),
    [
        ('schedule: {every: 旬, clause: "1"}', "schedule.every（周期）", "周、月、季、半年、年"),
        ("schedule: {every: 月}", "缺少 clause（条款）", "每条规则都要写明出自哪一条"),
        ('schedule: {every: 月, due: {weekday: 周五}, clause: "1"}', "weekday（星期几）只用于每周一次的", ""),
        ('schedule: {every: 周, due: {day: 5}, clause: "1"}', "每周一次的写 weekday", "weekday: 周五"),
        ('schedule: {every: 季, due: {month: 4, day: 5}, clause: "1"}', "超出了这个周期", ""),
        ('schedule: {every: 月, due: {day: 32}, clause: "1"}', "1 到 31", ""),
        ('schedule: {every: 周, during: {since: delivered, for: 1年}, clause: "1"}', "交付日期是项目的", "in: project"),
        ('schedule: {every: 周, in: project, during: {for: 1年}, clause: "1"}', "缺少 since（自何时）", ""),
        (
            'schedule: {every: 周, in: project, during: {since: opened, for: 1年}, clause: "1"}',
            "since（自何时）",
            "delivered",
        ),
        (
            'schedule: {every: 周, in: project, during: {since: delivered, for: 3小时}, clause: "1"}',
            "从那一天起办多久",
            "如 1年、90天",
        ),
        ('schedule: {every: 月, due: {after: 24小时}, clause: "1"}', "按天或工作日算", "3个工作日"),
        ('schedule: {every: 月, due: {after: 3天, day: 5}, clause: "1"}', "只能写一种", ""),
        ('schedule: {every: 月, due: {day: 5, time: 18点}, clause: "1"}', "看不懂“18点”", '"18:00"'),
        ('schedule: {every: 月, in: 公司, clause: "1"}', "schedule.in（在哪一级）", "company"),
        (MONTHLY + 'steps: {open: {change: {by: holder}, clause: "1"}}', "by: system", ""),
        (MONTHLY + 'steps: {open: {change: {asks: [summary, subject]}, clause: "1"}}', "填不出完成情况", "后面"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_and_what_to_write(schedule: str, what: str, instead: str) -> None:
    told = said(schedule)
    assert what in told
    assert instead in told


def test_it_names_the_nearest_kind_that_there_is() -> None:
    with pytest.raises(PackInvalid, match=r"没有 ocurrence 这种案件.*occurrence"):
        load(like="ocurrence")
