"""`asked_when` of a fact: a form asks for it only where what else is chosen says so. And `mail`: what a fact takes of a
mail that is handed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.language.asked import facts_in, leaves
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.labels import labelled
from kesu.policy.language.names import FactName
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, one_of
from kesu.policy.model.conditions import Comparison, Condition, FactRef, FactTest
from kesu.policy.model.facts import Fact, FactType, MailPart
from kesu.policy.model.pack import Kind

_CHOSEN: Final = frozenset({FactType.CHOICE, FactType.CHOICES, FactType.FLAG})
_COMPARED: Final = frozenset(
    {
        Comparison.IS, Comparison.IN, Comparison.HAS, Comparison.WITHIN, Comparison.STATED, Comparison.UNSTATED,
    }
)  # fmt: skip


def read_asked_when(fields: Fields) -> Condition | None:
    """`{channel: [来访, 窗口]}`."""
    return fields.read("asked_when", read_condition, None)


def read_mail_part(place: Place, scope: Scope, fact: FactName) -> MailPart:
    part = MailPart(one_of(tuple(MailPart))(place, scope))
    wanted = FactType.TIME if part is MailPart.SENT_AT else FactType.FILE
    if fact.type is not wanted:
        raise place.flaw(f"{labelled('mail')} 写 {part} 的事实要是 {wanted} 类型。")
    return part


def check_asked_when(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """A form redraws itself by what is chosen in it: other facts that are chosen, and that are always asked."""
    for code, fact in kind.facts.items():
        if fact.asked_when is None:
            continue
        place = Place(tree, "").child("facts").child(code, is_code=True).child("asked_when")
        if fact.is_worked_out or fact.drawn:
            yield place.flaw(f"{fact.name}不由人填，不能写 {labelled('asked_when')}。", at_key=True)
        elif not all(map(_is_plain, leaves(fact.asked_when))):
            yield place.flaw(
                "这里只能看表单上选了什么。", expected="写事实等于哪个值或哪几个值，如 {channel: [来访, 来信]}。"
            )
        else:
            yield from _not_chosen(place, kind, fact, fact.asked_when)
    yield from _never_asked(kind, tree)


def _is_plain(leaf: Condition) -> bool:
    if not isinstance(leaf, FactTest) or leaf.comparison not in _COMPARED:
        return False
    operands = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
    return not any(isinstance(operand, FactRef) for operand in operands)


def _not_chosen(place: Place, kind: Kind, fact: Fact, condition: Condition) -> Iterator[Flaw]:
    for code in facts_in(condition):
        other = kind.facts[code]
        if other.is_worked_out or other.type not in _CHOSEN:
            yield place.flaw(f"{code}（{other.name}）不是在表单上选的，不知道填写时显示不显示{fact.name}。")
        elif other.asked_when is not None:
            yield place.flaw(f"{code}（{other.name}）自己也不是总要填的，不能再由它决定{fact.name}填不填。")


def _never_asked(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """What identifies or names the case stands on every form."""
    for key, code in (("title", kind.title_fact), ("place", kind.place_fact)):
        if code and code in kind.facts and kind.facts[code].asked_when is not None:
            place = Place(tree, "").child("facts").child(code, is_code=True).child("asked_when")
            yield place.flaw(f"{kind.facts[code].name}是 {labelled(key)}，每一件都要填。", at_key=True)
