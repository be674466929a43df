"""`same_person` in a condition: whether two rules speak of one and the same person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.language.moments import read_moment
from kesu.policy.language.nodes import Map, Seq
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.conditions import FactRef, Moment, MomentNoun, SamePerson, WhoTakes
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.parts import parts_of

TAKER: Final = "taker"
_SHAPE: Final = "写两项，每项是 {done: 事件}（谁办的）、小组（group）类型的事实，或 taker（办这一步的人）。"
_SECTIONS: Final = ("facts", "steps", "guards", "approvals", "duties", "notices", "opens", "guidance", "promises")

Side = Moment | FactRef | WhoTakes


def read_same_person(place: Place, scope: Scope) -> SamePerson:
    """`[{done: case.handled}, taker]`, or two groups, or a group and somebody who did something."""
    items = place.items() if isinstance(place.node, Seq) else []
    if len(items) != 2:
        raise place.flaw("same_person（同一个人）比的是两边的人。", expected=_SHAPE)
    one, other = (_read_side(item, scope) for item in items)
    if one == other:
        raise place.flaw("两边写的是同一样，总是同一个人。", expected=_SHAPE)
    _refuse_strangers(place, scope, (one, other))
    return SamePerson((one, other))


def _read_side(place: Place, scope: Scope) -> Side:
    if isinstance(place.node, Map):
        fields = Fields(place, scope, ("done",))
        done = fields.get("done")
        if done is None:
            raise place.flaw("缺少 done（办完）。", expected=_SHAPE)
        moment = read_moment(done, scope)
        if moment.noun is not MomentNoun.EVENT:
            raise done.flaw("done（办完）要写步骤的事件：别的时刻没有办的人。")
        return moment
    if place.text() == TAKER:
        return WhoTakes()
    fact = scope.names.facts[scope.named("fact", place, also=(TAKER,))]
    if fact.type not in {FactType.GROUP, FactType.PERSON}:
        raise place.flaw(f"{fact.code}（{fact.name}）里没有人：不是小组（group）也不是人（person）。", expected=_SHAPE)
    return FactRef(fact.code)


def _refuse_strangers(place: Place, scope: Scope, sides: tuple[Side, Side]) -> None:
    """A customer is never the same as somebody of the house: their codes have nothing in common."""
    facts = [scope.names.facts[side.code] if isinstance(side, FactRef) else None for side in sides]
    customers = [fact is not None and fact.type is FactType.PERSON for fact in facts]
    if any(customers) and not all(customers):
        raise place.flaw(
            "客户（person）和本单位的人从来不是同一个代号，比不出来。",
            expected="请比较两个 person，或两边都是本单位的人。",
        )


def check_same_person(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Who takes a step is known only to the guards of that step; who is in a sealed group, to no rule."""
    for section in _SECTIONS:
        for code, rule in getattr(kind, section).items():
            parts = list(parts_of(rule))
            earlier = [part.where for part in parts if isinstance(part, Moment) and part.where is not None]
            of_then = {id(part) for where in earlier for part in parts_of(where)}
            for test in (part for part in parts if isinstance(part, SamePerson)):
                knows_taker = section == "guards" and bool(rule.steps) and id(test) not in of_then
                why = _why_blind(kind, test, knows_taker=knows_taker)
                if why:
                    yield Place(tree, "").child(section).child(code, is_code=True).flaw(why)


def _why_blind(kind: Kind, test: SamePerson, *, knows_taker: bool) -> str:
    if test.asks_who_takes and not knows_taker:
        return "taker（办这一步的人）只能写在管步骤的关卡里，不能写在 where 里：别处和当时不知道是谁在办。"
    for side in test.sides:
        if isinstance(side, FactRef) and kind.facts[side.code].data is DataClass.SEALED:
            return f"{side.code}（{kind.facts[side.code].name}）是密封的，案卷里没有其中的人，比不出来。"
        if isinstance(side, Moment) and side.subject in kind.events:
            return f"{side.subject} 由程序记下，没有办的人。"
    return ""
