"""Group facts that say who may be chosen: out of whose people (`among`), how many (`most`), and whether whoever is
named holds the case from then on (`in_charge`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.language.labels import labelled
from kesu.policy.language.names import FactName
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.facts import Among, DataClass, FactType
from kesu.policy.model.pack import Kind

_MANY: Final = 99


def read_among(place: Place, scope: Scope, fact: FactName) -> Among:
    """`{of: task_dept}`, or `{role: engineer, of: task_dept}`: people of the department that the form names."""
    _only_groups(place, fact)
    fields = Fields(place, scope, ("role", "of"))
    code: str = fields.need("of", lambda at, on: on.named("fact", at), "")
    if code and scope.names.facts[code].type not in {FactType.UNIT, FactType.UNITS}:
        other = scope.names.facts[code]
        raise place.child("of").flaw(f"{other.code}（{other.name}）不是部门（unit 或 units）类型的事实。")
    return Among(code, fields.each("role", "role"))


def read_most(place: Place, _scope: Scope, fact: FactName) -> int:
    """How many people may be named."""
    _only_groups(place, fact)
    word = place.text()
    if not (word.isascii() and word.isdecimal() and 1 <= int(word) <= _MANY):
        raise place.flaw(f'看不懂"{word}"。', expected=f"写最多几位，1 到 {_MANY} 的整数。")
    return int(word)


def read_in_charge(fields: Fields, fact: FactName, data: str, most: int) -> bool:
    """Whether the one who is named holds the case: not of several, nor of somebody whom nobody may know."""
    is_in_charge = fields.flag("in_charge")
    if is_in_charge and (fact.type is not FactType.GROUP or fact.is_derived or most != 1 or data == DataClass.SEALED):
        says = (
            f"只有由人填写、{labelled('most')} 写 1 的小组（group）事实可以写 {labelled('in_charge')}，密封的不可以。"
        )
        fields.scope.note(fields.place.child("in_charge").flaw(says, at_key=True))
    return is_in_charge


def _only_groups(place: Place, fact: FactName) -> None:
    if fact.type is not FactType.GROUP or fact.is_derived:
        raise place.flaw(f"只有由人填写的小组（group）类型的事实可以写 {labelled(place.key)}。", at_key=True)


def check_choosing(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """A case has one holder, whom somebody named; a form must be able to say which department it is."""
    codes = [code for code, fact in kind.facts.items() if fact.in_charge]
    for code in codes[1:]:
        says = f"{kind.facts[codes[0]].name}已经写了 {labelled('in_charge')}，一件只有一位承办人。"
        yield _at(tree, code).child("in_charge").flaw(says, at_key=True)
    for code in codes:
        if kind.facts[code].adds or kind.facts[code].lapses:
            says = f"{labelled('in_charge')} 的人要由人点名：不能自动加入（adds），也不能作废（lapses）。"
            yield _at(tree, code).child("in_charge").flaw(says, at_key=True)
    for code, fact in kind.facts.items():
        if fact.among is not None and kind.facts[fact.among.of].is_worked_out:
            other = kind.facts[fact.among.of]
            says = f"{other.code}（{other.name}）是推算的，表单上选不了部门。"
            yield _at(tree, code).child("among").flaw(says)


def _at(tree: Map, code: str) -> Place:
    return Place(tree, "").child("facts").child(code, is_code=True)
