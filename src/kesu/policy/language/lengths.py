"""Lengths and limits: a duration, a date that somebody states, a parameter; with the holiday rule of a document."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kesu.policy.calendar import Duration, DurationUnreadable, Measure, parse_duration
from kesu.policy.language.nodes import Map, Seq, Text
from kesu.policy.language.operands import is_parameter, parameter_place
from kesu.policy.language.reading import Fields, Place, Scope, one_of
from kesu.policy.language.shares import read_share
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import FactType
from kesu.policy.model.limits import Ahead, HolidayRule, Limit

_LIMIT_KEYS: Final = ("time", "holiday", "param", "fact", "before", "share", "of")
_SEVERAL: Final = 2
_HOLIDAY_WHEN: Final = ("end", "start_or_end")
_HOLIDAY_TO: Final = ("end_of_work", "start_of_work", "same_time")


def read_duration(place: Place, scope: Scope) -> Duration:
    """`3个工作日`, or `{param: reply_limit}`."""
    if is_parameter(place):
        place = parameter_place(place, scope)
    try:
        return parse_duration(place.text())
    except DurationUnreadable as unreadable:
        raise place.flaw(str(unreadable)) from None


def read_limits(place: Place, scope: Scope) -> tuple[Limit, ...]:
    """One limit, or a list of several of which the earliest counts."""
    if not isinstance(place.node, Seq):
        return (_read_limit(place, scope, _LIMIT_KEYS),)
    if len(place.node.items) < _SEVERAL:
        raise place.flaw("列表是几个时限取最早的，这里不到两个。", expected="只有一个时限时不要写方括号。")
    found = []
    for item in place.items():
        if not (isinstance(item.node, Map) and "clause" in item.node.entries):
            raise item.flaw(
                "几个时限取最早的，每个都要写自己的条款。", expected='如 {time: 3个工作日, clause: "4.1"}。'
            )
        found.append(_read_limit(item, scope, (*_LIMIT_KEYS, "clause")))
    return tuple(found)


def _read_limit(place: Place, scope: Scope, keys: tuple[str, ...]) -> Limit:
    """`3个工作日`, `{time: 24小时, holiday: {…}}`, `{param: …}`, `{fact: reply_due}`, `{before: 3天, of: …}`."""
    if isinstance(place.node, Text):
        return Limit(read_duration(place, scope))
    fields = Fields(place, scope, keys)
    return replace(_read_length(fields, place, scope), clauses=fields.clauses())


def _read_length(fields: Fields, place: Place, scope: Scope) -> Limit:
    holiday = fields.read("holiday", _read_holiday, None)
    fact = fields.get("fact")
    if fact is not None:
        return Limit(read_date_fact(fact, scope), holiday)
    before = fields.get("before")
    if before is not None:
        return _read_ahead(fields, before, scope)
    if fields.has("share"):
        if fields.has("holiday"):
            raise fields.place.child("holiday").flaw("取另一项时限的一部分时，顺延照那一项。", at_key=True)
        return Limit(read_share(place, scope))
    time = fields.get("time")
    if time is not None:
        return Limit(read_duration(time, scope), holiday)
    if fields.has("param"):
        node = parameter_place(place, scope)
        return Limit(read_duration(node, scope), holiday)
    raise place.flaw(
        "看不懂这个时限。",
        expected="可写 3个工作日、{time: 24小时, holiday: …}、{param: …}、{fact: …}、{before: 3天, of: 日期事实}。",
    )


def _read_ahead(fields: Fields, before: Place, scope: Scope) -> Limit:
    """`{before: 3天, of: hearing_on}`: at the latest so long before the date."""
    if fields.has("holiday"):
        raise fields.place.child("holiday").flaw("往前数的时限没有顺延：日子是定好的。", at_key=True)
    length = read_duration(before, scope)
    if not length.amount or length.measure is Measure.FIXED:
        raise before.flaw(f'"{length}"不能往前数。', expected="如 3天、2个工作日、24小时。")
    of = fields.get("of")
    if of is None:
        raise fields.place.flaw("不知道在哪一天之前。", expected="请写 of（所属），一个日期或时间事实。")
    return Limit(Ahead(length, read_date_fact(of, scope)))


def read_date_fact(place: Place, scope: Scope) -> FactRef:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type not in {FactType.DATE, FactType.TIME}:
        raise place.flaw(f"{fact.code}（{fact.name}）不是日期或时间，不能当期限用。")
    return FactRef(fact.code)


def _read_holiday(place: Place, scope: Scope) -> HolidayRule:
    fields = Fields(place, scope, ("if", "to"))
    return HolidayRule(
        fields.need("if", one_of(_HOLIDAY_WHEN), _HOLIDAY_WHEN[0]),
        fields.need("to", one_of(_HOLIDAY_TO), _HOLIDAY_TO[0]),
    )
