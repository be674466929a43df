"""Values as packs write them: 是, 10, 20000元, 2026-07-02, a choice of a fact, a parameter, another fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from kesu.policy.errors import nearest
from kesu.policy.language.labels import labelled
from kesu.policy.language.names import FactName, ParameterName
from kesu.policy.language.nodes import Map, Text
from kesu.policy.language.reading import NO, YES, Place, Scope, read_flag
from kesu.policy.model.conditions import FactRef, Operand
from kesu.policy.model.facts import FactType, Value

NOT_STATED: Final = "未填"
STATED_WORD: Final = "已填"
RESERVED_VALUES: Final = frozenset({YES, NO, NOT_STATED, STATED_WORD, "未变", "略过", "由公司填写", "永久"})

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MONEY = re.compile(r"(?P<figure>[0-9]+(\.[0-9]{1,2})?)(?P<unit>万元|元)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
_ZONE: Final = ZoneInfo("Asia/Shanghai")  # a written policy states local time


def read_value(place: Place, scope: Scope, fact: FactName) -> Value:
    """The value at `place`, as a value of `fact`."""
    word = place.text()
    if fact.type is FactType.FLAG:
        return read_flag(place, scope)
    if fact.type in {FactType.CHOICE, FactType.CHOICES}:
        return _choice(place, word, fact)
    reader = _READERS.get(fact.type)
    if reader is None:
        raise place.flaw(
            f'"{fact.name}"的内容不进规则，不能与"{word}"比较。', expected=f"这里只能写 {NOT_STATED} 或 {STATED_WORD}。"
        )
    return reader(place, word)


def _choice(place: Place, word: str, fact: FactName) -> str:
    if word in fact.values:
        return word
    if fact.is_tree:
        from kesu.policy.language.branches import not_chosen  # which reads operands itself

        raise not_chosen(place, word, fact)
    near = nearest(word, fact.values)
    raise place.flaw(f'没有"{word}"这个值。', near=near, expected=f"可选：{'、'.join(fact.values)}")


def read_number(place: Place, word: str) -> int | Decimal:
    if not _NUMBER.fullmatch(word):
        raise place.flaw(f'看不懂"{word}"。', expected="这里要一个阿拉伯数字，如 10。")
    return Decimal(word) if "." in word else int(word)


def read_money(place: Place, word: str) -> Decimal:
    match = _MONEY.fullmatch(word)
    if match is None:
        raise place.flaw(f'看不懂"{word}"。', expected="金额写成 20000元 或 2万元。")
    figure = Decimal(match["figure"])
    return figure * 10000 if match["unit"] == "万元" else figure


def _date(place: Place, word: str) -> date:
    try:
        if _DATE.fullmatch(word):
            return date.fromisoformat(word)
    except ValueError:
        pass
    raise place.flaw(f'看不懂"{word}"。', expected="日期写成 2026-07-02。")


def _time(place: Place, word: str) -> datetime:
    try:
        if _TIME.fullmatch(word):
            return datetime.strptime(word, "%Y-%m-%d %H:%M").replace(tzinfo=_ZONE).astimezone(UTC)
    except ValueError:
        pass
    raise place.flaw(f'看不懂"{word}"。', expected="时间写成 2026-07-02 09:00。")


_READERS: Final[dict[FactType, Callable[[Place, str], Value]]] = {
    FactType.NUMBER: read_number,
    FactType.MONEY: read_money,
    FactType.DATE: _date,
    FactType.TIME: _time,
    FactType.GROUP: lambda _, word: word,
}


def read_operand(place: Place, scope: Scope, fact: FactName) -> Operand:
    """A value, `{fact: other}` or `{param: code}` (a parameter is put in with its value)."""
    if not isinstance(place.node, Map):
        return read_value(place, scope, fact)
    if tuple(place.node.entries) == ("fact",):
        other = scope.names.facts[scope.named("fact", place.child("fact"))]
        _same_family(place, fact, other)
        return FactRef(other.code)
    if is_parameter(place):
        return read_value(parameter_place(place, scope), scope, fact)
    raise place.flaw("看不懂这个值。", expected="这里写一个值、{fact: 事实代码} 或 {param: 参数代码}。")


_FAMILIES: Final = {FactType.CHOICES: FactType.CHOICE, FactType.GROUP: FactType.PERSON, FactType.MONEY: FactType.NUMBER}


def _same_family(place: Place, fact: FactName, other: FactName) -> None:
    if _FAMILIES.get(fact.type, fact.type) != _FAMILIES.get(other.type, other.type):
        raise place.flaw(f"{other.code}（{other.name}）与 {fact.code}（{fact.name}）不是同一类型，不能比较。")


def parameter_place(place: Place, scope: Scope) -> Place:
    """The place of the value of the parameter that `{param: code}` names; mistakes are shown where it is used."""
    child = place.child("param")
    parameter: ParameterName = scope.names.parameters[scope.named("parameter", child)]
    if parameter.node is None:
        raise child.flaw(
            f"参数 {parameter.code} 还没有值。",
            expected=f"请写 {labelled('value')}，或在由公司填写时给 {labelled('sample')}。",
        )
    return Place(parameter.node, place.address, place.key, place.key_spot, place.label)


def is_parameter(place: Place) -> bool:
    """Whether `{param: code}` stands there."""
    return isinstance(place.node, Map) and tuple(place.node.entries) == ("param",)


def is_text(place: Place) -> bool:
    return isinstance(place.node, Text)
