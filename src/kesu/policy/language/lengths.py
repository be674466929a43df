"""Lengths and limits: a duration, a date that somebody states, a parameter; with the holiday rule of a document."""

from __future__ import annotations

from typing import Final

from kesu.policy.calendar import Duration, DurationUnreadable, parse_duration
from kesu.policy.language.nodes import Text
from kesu.policy.language.operands import is_parameter, parameter_place
from kesu.policy.language.reading import Fields, Place, Scope, one_of
from kesu.policy.model.conditions import FactRef
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import HolidayRule, Limit

_LIMIT_KEYS: Final = ("time", "holiday", "param", "fact")
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


def read_limit(place: Place, scope: Scope) -> Limit:
    """`3个工作日`, `{time: 24小时, holiday: {…}}`, `{param: …}` or `{fact: reply_due}`."""
    if isinstance(place.node, Text):
        return Limit(read_duration(place, scope))
    fields = Fields(place, scope, _LIMIT_KEYS)
    holiday = fields.read("holiday", _read_holiday, None)
    fact = fields.get("fact")
    if fact is not None:
        return Limit(read_date_fact(fact, scope), holiday)
    time = fields.get("time")
    if time is not None:
        return Limit(read_duration(time, scope), holiday)
    if fields.has("param"):
        node = parameter_place(place, scope)
        return Limit(read_duration(node, scope), holiday)
    raise place.flaw("看不懂这个时限。", expected="可写 3个工作日、{time: 24小时, holiday: …}、{param: …}、{fact: …}。")


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
