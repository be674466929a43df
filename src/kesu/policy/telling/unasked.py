"""What the program brings about by itself, in words: cases of a period, events of the world."""

from __future__ import annotations

from typing import Final

from kesu.policy.model.schedule import Every, Schedule, Since, Term
from kesu.policy.telling.words import Words

PLACES: Final = {
    "project": "项目", "company": "公司", "region": "区域", "group": "集团", "department": "部门",
    "service_post": "服务站", "property": "物业公司",
}  # fmt: skip
"""Kinds of units; the first four are the scopes of roles."""
_EVERY: Final = {
    Every.WEEK: "每周", Every.MONTH: "每月", Every.QUARTER: "每季度", Every.HALF_YEAR: "每半年", Every.YEAR: "每年",
}  # fmt: skip

_SINCE: Final = {Since.DELIVERED: "交付"}


def tell_world_event(words: Words, code: str) -> str:
    event = words.kind.events[code]
    with_facts = f"，写明{words.facts(event.facts)}" if event.facts else ""
    return f"由系统记下“{event.name}”{with_facts}。"


def tell_schedule(words: Words, _code: str) -> str:
    schedule: Schedule | None = words.kind.schedule
    assert schedule is not None
    where = f"每个{PLACES[schedule.place]}" if schedule.place else "采用本制度的单位"
    opens = "期满" if schedule.due.after is not None else "期初"
    often = f"{where}{_during(schedule.term)}{_EVERY[schedule.every]}"
    later = f"以后{_EVERY[schedule.term.then]}一件。" if schedule.term and schedule.term.then else ""
    return f"{often}一件“{words.kind.name}”，{opens}由系统开立，{_due(schedule)}到期。{later}"


def _during(term: Term | None) -> str:
    return f"从{_SINCE[term.since]}起 {term.lasts}内" if term else ""


def _due(schedule: Schedule) -> str:
    due = schedule.due
    at = f" {due.at:%H:%M}" if due.at is not None else ""
    if due.after is not None:
        return f"期满后 {due.after}{at}"
    if due.weekday is not None:
        return f"周{'一二三四五六日'[due.weekday - 1]}{at}"
    if due.day is None and due.month is None:
        return f"期末最后一天{at}"
    last = "当月" if schedule.every is Every.MONTH else "最后一个月"
    month = f"第 {due.month} 个月" if due.month is not None else last
    return f"{month}{f' {due.day} 日' if due.day is not None else '最后一天'}{at}"
