"""The block `schedule`: how often the program opens a case of this kind by itself, where, and when it is due."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

from kesu.policy.calendar import Duration, Measure, Unit
from kesu.policy.language.lengths import read_duration
from kesu.policy.language.nodes import Map
from kesu.policy.language.operands import is_parameter, parameter_place
from kesu.policy.language.reading import Fields, Place, Scope, one_of, read_count
from kesu.policy.language.sections import COMMON
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM
from kesu.policy.model.schedule import Due, Every, Schedule, Since, Term
from kesu.policy.occurrences import OPENED_WITH

PERIODS: Final = {
    "周": Every.WEEK, "月": Every.MONTH, "季": Every.QUARTER, "半年": Every.HALF_YEAR, "年": Every.YEAR,
}  # fmt: skip
_KEYS: Final = (*COMMON, "every", "due", "in", "during")
_TERM_KEYS: Final = ("since", "for", "then")
_DUE_KEYS: Final = ("after", "weekday", "month", "day", "time")
UNIT_KINDS: Final = ("project", "company", "region", "group", "property")
"""Those at which cases lie."""
PLACES: Final = (*UNIT_KINDS, "department", "service_post")
_WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_MONTHS: Final = {Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_LAST_DAY: Final = 31
_DELIVERED_AT: Final = "project"
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_OPENED_AS: Final = (FactType.TEXT, FactType.TEXT, FactType.TIME)


def read_schedule(kind: Map, scope: Scope) -> Schedule | None:
    """None where the kind has no such block."""
    if "schedule" not in kind.entries:
        return None
    fields = Fields(Place(kind, "").child("schedule"), scope, _KEYS)
    every = fields.need("every", read_every, Every.MONTH)
    due = fields.read("due", lambda place, on: _read_due(place, on, every), Due())
    place = fields.read("in", one_of(PLACES), None)
    term = fields.read("during", _read_term, None)
    if term is not None and place != _DELIVERED_AT:
        scope.note(fields.place.child("during").flaw(f"交付日期是项目的，写了 during 就要写 in: {_DELIVERED_AT}。"))
    return Schedule(every, due, place, fields.clauses(), term)


def _read_term(place: Place, scope: Scope) -> Term:
    """`{since: delivered, for: 1年, then: 月}`."""
    fields = Fields(place, scope, _TERM_KEYS)
    since = fields.need("since", one_of(tuple(Since)), Since.DELIVERED)
    lasts = fields.need("for", read_duration, Duration(1, Unit.YEAR))
    if lasts.measure in {Measure.NATURAL, Measure.WORKING, Measure.FIXED} or not lasts.amount:
        raise place.child("for").flaw("从那一天起办多久，按天、周、月、季或年算。", expected="如 1年、90天。")
    return Term(Since(since), lasts, fields.read("then", read_every, None))


def read_every(place: Place, scope: Scope) -> Every:
    """`月`, or `{param: audit_period}`."""
    if is_parameter(place):
        place = parameter_place(place, scope)
    return PERIODS[one_of(tuple(PERIODS))(place, scope)]


def _read_due(place: Place, scope: Scope, every: Every) -> Due:
    fields = Fields(place, scope, _DUE_KEYS)
    weekday = fields.read("weekday", one_of(_WEEKDAYS), None)
    due = Due(
        after=fields.read("after", read_duration, None),
        weekday=None if weekday is None else _WEEKDAYS.index(weekday) + 1,
        month=fields.read("month", read_count, None),
        day=fields.read("day", read_count, None),
        at=fields.read("time", _read_clock, None),
    )
    if due.after is not None and due.after.measure not in {Measure.DAYS, Measure.WORKDAYS}:
        raise place.child("after").flaw("期满以后按天或工作日算。", expected="如 3个工作日、10天。")
    if due.after is not None and (due.weekday or due.month or due.day):
        raise place.flaw("after（之后）是期满以后，weekday、month、day 是期内，只能写一种。")
    if due.weekday is not None and every is not Every.WEEK:
        raise place.child("weekday").flaw("weekday（星期几）只用于每周一次的。")
    if every is Every.WEEK and (due.month or due.day):
        raise place.flaw("每周一次的写 weekday（星期几）。", expected='如 {weekday: 周五, time: "18:00"}。')
    if due.month is not None and not 1 <= due.month <= _MONTHS.get(every, 0):
        raise place.child("month").flaw("month（期内第几个月）超出了这个周期。")
    if due.day is not None and not 1 <= due.day <= _LAST_DAY:
        raise place.child("day").flaw("day（几号）在 1 到 31 之间；当月没有这一天的，是最后一天。")
    return due


def _read_clock(place: Place, _: Scope) -> time:
    match = _CLOCK.fullmatch(place.text())
    if match is None:
        raise place.flaw(f"看不懂“{place.text()}”。", expected='钟点写成 "18:00"，要加引号。')
    return time(int(match[1]), int(match[2]))


def check_schedule(kind: Kind, tree: Map, scope: Scope) -> None:
    """Whatever the program opens by itself, it must be able to open: by itself, with what it states."""
    if kind.schedule is None:
        return
    place = Place(tree, "").child("schedule")
    opening = kind.opening
    if opening is None or any(who.role != SYSTEM for row in opening.by.rows for who in row.use):
        scope.note(place.flaw("到期由程序开立：开立的步骤要写 by: system。"))
        return
    for code, wanted in zip(OPENED_WITH, _OPENED_AS, strict=True):
        fact = kind.facts.get(code)
        if fact is None or fact.type is not wanted:
            scope.note(place.flaw(f"到期由程序开立，要有事实 {code}（{wanted.value}）由它填写。"))
    others = [kind.facts[code].name for code in opening.asks if code not in OPENED_WITH]
    if others:
        scope.note(place.flaw(f"到期由程序开立，它填不出{'、'.join(others)}。", expected="请放到后面的步骤里填。"))
