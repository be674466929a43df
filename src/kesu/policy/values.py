"""Fact values outside the engine: as people write them, and as they are stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from kesu.policy.model.facts import STATED, Fact, FactType, Value
from kesu.policy.model.trees import children, nodes_of

Document = str | int | bool | Sequence[str]
"""A stored value: what JSON can hold without loss. Decimals, dates and instants are text."""

YES: Final = "是"
NO: Final = "否"
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

_AMOUNT = re.compile(r"(?P<figure>\d{1,3}(?:[,，]\d{3})+|\d+)(?P<rest>\.\d{1,6})?(?P<unit>亿|万)?元?")
_SCALE: Final = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
CENT: Final = Decimal("0.01")
_MOST: Final = Decimal(10) ** 12
"""Yuan: more than any company has is a slip of the pen, and more than a ledger holds."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_TEXT_LIMIT: Final = 200
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_SEVERAL: Final = frozenset({FactType.CHOICES, FactType.UNITS, FactType.GROUP})


class ValueUnreadable(ValueError):
    """A text that is no value of its fact. `code` is the fact, `expected` what could have stood there."""

    def __init__(self, code: str, expected: str) -> None:
        self.code = code
        self.expected = expected
        super().__init__(f"{code}: {expected}")


class TextTooShort(ValueUnreadable):
    """A text with fewer signs than the policy asks for."""


class NotTheLastLevel(ValueUnreadable):
    """A node of values in levels with more below it, where only the last level may be chosen."""


def check_length(fact: Fact, text: str) -> None:
    """Raises TextTooShort; `expected` is ``≥`` and the number of signs. Blanks and signs of no width do not count."""
    if sum(unicodedata.category(sign) not in _UNSEEN for sign in text) < fact.at_least:
        raise TextTooShort(fact.code, f"≥ {fact.at_least}")


def parse(fact: Fact, text: str | Sequence[str], zone: tzinfo = SHANGHAI) -> Value:
    """The value that a form or a scenario states. A text becomes its mark, files their number, a person his token.

    `zone` is the one in which a time without zone is meant. Raises ValueUnreadable."""
    if isinstance(text, str):
        text = text.strip()
    if not text:
        raise ValueUnreadable(fact.code, "不能为空")
    if fact.type is FactType.FILE:
        return _files(fact, text)
    if fact.type in _SEVERAL:
        return _several(fact, text)
    if not isinstance(text, str):
        if len(text) != 1:
            raise ValueUnreadable(fact.code, "只能填一个值")
        text = text[0].strip()
    if fact.type is FactType.TIME:
        return _time(fact, text, zone)
    return _PARSERS[fact.type](fact, text)


def to_document(value: Value) -> Document:
    """The value as JSON holds it; `from_document` gives it back unchanged."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, Decimal) else value.isoformat()


def from_document(fact: Fact | None, document: Document) -> Value:
    """The value that was stored; `fact` None for what no pack declares (the engine's own words and numbers).

    Raises ValueUnreadable for a document that is no value of the fact."""
    if fact is None:
        return document if isinstance(document, str | int) else tuple(document)
    try:
        value = _restored(fact.type, document)
    except (ValueError, InvalidOperation):
        raise ValueUnreadable(fact.code, str(fact.type)) from None
    return value


def fits(fact: Fact, value: Value) -> bool:
    """Whether a value is of the fact's type and, for choices, in its list."""
    match fact.type:
        case FactType.CHOICES:
            return isinstance(value, tuple) and all(one in fact.values for one in value)
        case FactType.GROUP | FactType.UNITS:
            are_named = isinstance(value, tuple) and all(isinstance(one, str) and one for one in value)
            return are_named and isinstance(value, tuple) and _may_be_named(fact, value)
        case FactType.CHOICE:
            return isinstance(value, str) and (not fact.values or value in fact.values)
        case FactType.TEXT:
            return value == STATED
        case FactType.TIME:
            return isinstance(value, datetime) and value.tzinfo is not None
        case FactType.DATE:
            return isinstance(value, date) and not isinstance(value, datetime)
        case FactType.FLAG:
            return isinstance(value, bool)
        case FactType.FILE:
            return isinstance(value, int) and not isinstance(value, bool) and value > 0
        case FactType.NUMBER | FactType.MONEY:
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case _:
            return isinstance(value, str) and value != ""


def _may_be_named(fact: Fact, members: tuple[str, ...]) -> bool:
    """Whether a group is not too many, and all in slots that may be named. Whose people they are is known outside."""
    roles = fact.among.roles if fact.among is not None else ()
    is_few = not fact.most or len(members) <= fact.most
    return is_few and (not roles or all(member.partition(":")[0] in roles for member in members))


def plain(number: Decimal) -> str:
    """A number as people write it, without zeros at its end: where a sum of money would be taken for one."""
    return f"{number.normalize():f}"


def _restored(kind: FactType, document: Document) -> Value:
    if isinstance(document, str):
        match kind:
            case FactType.MONEY | FactType.NUMBER:
                return Decimal(document)
            case FactType.DATE:
                return date.fromisoformat(document)
            case FactType.TIME:
                return datetime.fromisoformat(document)
            case FactType.CHOICES | FactType.UNITS | FactType.GROUP | FactType.FLAG | FactType.FILE:
                raise ValueError(document)
            case _:
                return document
    if isinstance(document, int):
        return document
    return tuple(document)


def _flag(fact: Fact, text: str) -> Value:
    if text not in {YES, NO}:
        raise ValueUnreadable(fact.code, f"{YES} 或 {NO}")
    return text == YES


def _number(fact: Fact, text: str) -> Value:
    if not _NUMBER.fullmatch(text):
        raise ValueUnreadable(fact.code, "数字，如 3")
    return Decimal(text) if "." in text else int(text)


def _money(fact: Fact, text: str) -> Value:
    try:
        return read_money(text)
    except ValueError as unreadable:
        raise ValueUnreadable(fact.code, str(unreadable)) from unreadable


def read_money(text: str) -> Decimal:
    """``20000元``, ``2万元`` or ``1,234.5`` in yuan with two places. Raises ValueError with what could stand there."""
    found = _AMOUNT.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ValueError("金额，如 20000元 或 2万元")
    figure = found["figure"].replace(",", "").replace("，", "")
    amount = Decimal(figure + (found["rest"] or "")) * _SCALE[found["unit"]]
    if amount > _MOST:
        raise ValueError("金额，不超过 10000亿元")
    if amount != amount.quantize(CENT):
        raise ValueError("金额，最多到分，如 19999.99元")
    return amount.quantize(CENT)


def _date(fact: Fact, text: str) -> Value:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueUnreadable(fact.code, "日期，如 2026-07-02")


def _time(fact: Fact, text: str, zone: tzinfo) -> Value:
    if not _DATE.match(text) or len(text) < 16:
        raise ValueUnreadable(fact.code, "日期和时间，如 2026-07-02 16:00")
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueUnreadable(fact.code, "日期和时间，如 2026-07-02 16:00") from None


def _choice(fact: Fact, text: str) -> Value:
    if fact.is_tree and text not in fact.values:
        nodes = nodes_of(fact.values)
        below = children(nodes, text if text in nodes else "")
        raise (NotTheLastLevel if text in nodes else ValueUnreadable)(fact.code, "、".join(below))
    if fact.values and text not in fact.values:
        raise ValueUnreadable(fact.code, "、".join(fact.values))
    return text


def _text(fact: Fact, text: str) -> Value:
    if text != STATED:
        check_length(fact, text)
    return STATED


def _token(fact: Fact, text: str) -> Value:
    if len(text) > _TEXT_LIMIT:
        raise ValueUnreadable(fact.code, f"不超过{_TEXT_LIMIT}字")
    return text


def _several(fact: Fact, text: str | Sequence[str]) -> Value:
    parts = re.split(r"[、,，]", text) if isinstance(text, str) else text
    found = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if not found:
        raise ValueUnreadable(fact.code, "不能为空")
    if fact.type is FactType.CHOICES and not set(found) <= set(fact.values):
        raise ValueUnreadable(fact.code, "、".join(fact.values))
    return found


def _files(fact: Fact, text: str | Sequence[str]) -> Value:
    if not isinstance(text, str):
        return len(text)
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        raise ValueUnreadable(fact.code, "文件个数，如 2")
    return int(text)


_PARSERS: Mapping[FactType, Callable[[Fact, str], Value]] = {
    FactType.TEXT: _text,
    FactType.NUMBER: _number,
    FactType.MONEY: _money,
    FactType.DATE: _date,
    FactType.CHOICE: _choice,
    FactType.FLAG: _flag,
    FactType.PERSON: _token,
    FactType.UNIT: _token,
    FactType.CASE: _token,
}
