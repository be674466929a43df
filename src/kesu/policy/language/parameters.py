"""Parameters: what a company sets itself, each of a type, with what it may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from kesu.policy.errors import nearest
from kesu.policy.language.branches import note_flaws
from kesu.policy.language.lengths import read_duration
from kesu.policy.language.nodes import Map, Node, Text
from kesu.policy.language.operands import RESERVED_VALUES, read_money, read_number
from kesu.policy.language.reading import Fields, Place, Scope, one_of
from kesu.policy.language.schedule import read_every
from kesu.policy.language.trees import TREE, paths_of
from kesu.policy.language.windows import read_window
from kesu.policy.language.wording import UNSET
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Parameter

_KEYS: Final = (
    "name", "type", "values", "value", "sample", "at_least", "at_most", "clause", "unclear", "reading", "note",
)  # fmt: skip
_CHOSEN: Final = ("choice", "moment")
_LISTED: Final = (*_CHOSEN, "list")
_LONGEST: Final = 200


def read_parameter(place: Place, scope: Scope) -> Parameter:
    fields = Fields(place, scope, _KEYS)
    kind = fields.need("type", one_of(tuple(_READERS)), next(iter(_READERS)))
    known = scope.names.parameters.get(place.key)
    values = known.values if known else {}
    _check_values(fields, kind, values)

    def read(at: Place, on: Scope) -> Value | None:
        if isinstance(at.node, Text) and at.node.value == UNSET:
            return None
        value = _READERS[kind](at, on)
        _refuse_unlisted(at, value, values if kind in _LISTED else {})
        return value

    parameter = Parameter(
        code=place.key,
        name=fields.need_text("name"),
        type=kind,
        value=fields.need("value", read, None),
        clauses=fields.clauses(),
        sample=fields.read("sample", read, None),
        unclear=fields.maybe_text("unclear"),
        at_least=fields.read("at_least", read, None),
        at_most=fields.read("at_most", read, None),
        values=values,
    )
    _check_bounds(fields, parameter)
    return parameter


def _check_values(fields: Fields, kind: str, values: Mapping[str, str]) -> None:
    """What can be chosen: a list, of moments a map from the moment to the words for it."""
    note, place = fields.scope.note, fields.place
    if kind in _CHOSEN and not values:
        expected = "如 values: {case.received: 从收到起, case.accepted: 从受理起}" if kind == "moment" else ""
        note(place.flaw(f"{kind} 类型的参数要有 values（可选值）。", expected=expected, at_key=True))
    elif kind == "moment" and not isinstance(place.child("values").node, Map):
        note(place.child("values").flaw("每个时刻要写它的名称。", expected="如 {case.received: 从收到起}"))
    elif kind not in _LISTED and fields.has("values"):
        note(place.child("values").flaw(f"{kind} 类型的参数没有 values（可选值）。", at_key=True))


def _refuse_unlisted(place: Place, value: Value, values: Mapping[str, str]) -> None:
    for one in value if isinstance(value, tuple) else (value,):
        if values and one not in values:
            raise place.flaw(
                f'没有"{one}"这个值。', near=nearest(str(one), values), expected=f"可选：{'、'.join(values)}"
            )


def _text(place: Place, _scope: Scope) -> Value:
    word = place.text()
    if len(word) > _LONGEST or not word.isprintable() or "{" in word or "}" in word:
        raise place.flaw("这段文字放不进句子里。", expected=f"一行，最多 {_LONGEST} 个字，不写大括号。")
    return word


def _list(place: Place, scope: Scope) -> Value:
    found = tuple(str(_text(item, scope)) for item in place.items())
    if len(set(found)) < len(found):
        raise place.flaw("列表里有重复。", expected="每一项只写一次。")
    reserved = [one for one in found if one in RESERVED_VALUES]
    if reserved or not found:
        raise place.flaw(f"列表里不能用专用词：{'、'.join(reserved)}。" if reserved else "列表是空的。")
    return found


def _tree(place: Place, scope: Scope) -> Value:
    """Maps in maps, or a list of paths: kept as the paths of the last level."""
    note_flaws(place, scope)
    found = paths_of(place.node, inner=False)
    if not found:
        example = "如 {房屋质量: {渗漏: [屋面, 外墙]}, 服务: []}，或一列 房屋质量/渗漏/屋面"
        raise place.flaw("这里应是分级的可选值。", expected=example)
    return found


def _window(place: Place, scope: Scope) -> Value:
    read_window(place, scope)
    return _window_text(place.node)


def _window_text(node: Node) -> str:
    if not isinstance(node, Map):
        return ""
    return "".join(f"{key} {node.text(key)}" for key in node.entries)


def _period(place: Place, scope: Scope) -> Value:
    read_every(place, scope)
    return place.text()


_READERS: Final[dict[str, Callable[[Place, Scope], Value]]] = {
    "number": lambda place, _: read_number(place, place.text()),
    "money": lambda place, _: read_money(place, place.text()),
    "duration": lambda place, scope: str(read_duration(place, scope)),
    "window": _window,
    "period": _period,
    "text": _text,
    "choice": lambda place, _: place.text(),
    "list": _list,
    TREE: _tree,
    "moment": lambda place, _: place.text(),
}
"""Numbers and money as figures; lengths, windows and moments are checked and kept as the text people read. Whether a
moment exists is seen where a kind uses it."""


def _check_bounds(fields: Fields, parameter: Parameter) -> None:
    """`at_least` of a list: what must stand in it, because rules name it."""
    value, low, high = parameter.value, parameter.at_least, parameter.at_most
    note, place = fields.scope.note, fields.place
    if isinstance(value, tuple) and isinstance(low, tuple):
        lacking = [one for one in low if one not in parameter.held]
        if lacking:
            note(place.child("value").flaw(f"{parameter.name}不能少了 {'、'.join(lacking)}：有规则要用。"))
    if not isinstance(value, int | Decimal):
        return
    if isinstance(low, int | Decimal) and value < low:
        note(place.child("value").flaw(f"{parameter.name}不能小于 {low}。"))
    if isinstance(high, int | Decimal) and value > high:
        note(place.child("value").flaw(f"{parameter.name}不能大于 {high}。"))
