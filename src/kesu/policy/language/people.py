"""Who: a role slot, a word such as `holder`, a role inside a unit that a fact names, the members of a group fact."""

from __future__ import annotations

from typing import Final

from kesu.policy.language.nodes import Map, Seq
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import COMPLAINANT, EVERYONE, FIRST_CONTACT, HOLDER, STARTER, SYSTEM, WORLD, Who

WORDS: Final = (HOLDER, FIRST_CONTACT, STARTER, COMPLAINANT, EVERYONE, SYSTEM, WORLD)


def read_who(place: Place, scope: Scope) -> Who:
    if not isinstance(place.node, Map):
        if isinstance(place.node, Seq):
            raise place.flaw("这里只能写一个人或角色，不能写列表。")
        return Who(scope.named("role", place, also=WORDS))
    fields = Fields(place, scope, ("role", "of", "group"))
    group = fields.get("group")
    if group is not None:
        return Who("", group=_fact_of(group, scope, FactType.GROUP))
    role = fields.get("role")
    if role is None:
        raise place.flaw("缺少 role（角色）或 group（小组）。")
    unit = fields.get("of")
    return Who(scope.named("role", role, also=WORDS), None if unit is None else _fact_of(unit, scope, FactType.UNIT))


def _fact_of(place: Place, scope: Scope, wanted: FactType) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type not in ({FactType.UNIT, FactType.UNITS} if wanted is FactType.UNIT else {wanted}):
        words = {FactType.GROUP: "小组（group）", FactType.UNIT: "部门（unit 或 units）"}
        raise place.flaw(f"{fact.code}（{fact.name}）不是{words[wanted]}类型的事实。")
    return fact.code


def read_people(place: Place, scope: Scope) -> tuple[Who, ...]:
    """One or a list."""
    found: list[Who] = []
    for item in place.items():
        try:
            found.append(read_who(item, scope))
        except Flaw as flaw:
            scope.note(flaw)
    return tuple(found)


def read_slots(place: Place, scope: Scope) -> tuple[str, ...]:
    """Role slots of the pack only, by code."""
    return scope.each("role", place)


def read_slots_or_words(place: Place, scope: Scope) -> tuple[str, ...]:
    """Role slots, or the words for people whom no slot names."""
    found = [scope.attempt(lambda item, _: scope.named("role", item, also=WORDS), item, "") for item in place.items()]
    return tuple(code for code in found if code)
