"""What may be wrong with values in levels, and conditions that name a node of them."""

from __future__ import annotations

from typing import Final

from kesu.policy.errors import nearest
from kesu.policy.language.labels import labelled
from kesu.policy.language.names import FactName
from kesu.policy.language.nodes import Map, Seq, Text
from kesu.policy.language.operands import RESERVED_VALUES, is_parameter, parameter_place
from kesu.policy.language.reading import Fields, Place, Scope
from kesu.policy.language.trees import Written, walk
from kesu.policy.model.conditions import Comparison, FactTest
from kesu.policy.model.facts import FactType
from kesu.policy.model.trees import BELOW, children

_LONGEST: Final = 200
"""Signs of a path: what a card keeps of a value."""
_MANY: Final = 12


def check_tree(fields: Fields, fact: FactName) -> None:
    """Of one fact: what cannot stand beside values in levels, and in them."""
    if not fact.is_tree:
        return
    place, note = fields.place, fields.scope.note
    if fact.type is not FactType.CHOICE:
        note(place.child("values").flaw("只有单选（choice）类型的事实可以分级。", at_key=True))
    if fact.is_ordered:
        says = f"分级的可选值没有高低，不能同时写 {labelled('ordered')}。"
        note(place.child("ordered").flaw(says, expected="有高低的，写成一级的列表。", at_key=True))
    if not is_parameter(place.child("values")):
        note_flaws(place.child("values"), fields.scope)


def note_flaws(place: Place, scope: Scope) -> None:
    """Names that cannot stand in a path, and names twice on one level."""
    is_list = isinstance(place.node, Seq)  # of paths
    seen: set[str] = set()
    for one in walk(place.node):
        says, instead = _flaw_of(one, one.name.split(BELOW) if is_list else [one.name])
        if not says and one.path in seen:
            says = f"同一级里“{one.name}”写了两次。"
        if says:
            at = Place(one.node, f"{place.address}.{one.path}", one.name, one.spot)
            scope.note(at.flaw(says, expected=instead, at_key=True))
        seen.add(one.path)


def _flaw_of(one: Written, names: list[str]) -> tuple[str, str]:
    if any(BELOW in name or not name or name != name.strip() for name in names):
        says = f"“{one.name}”不能作一级的名称：不能是空的，前后不留空格，里面不写“{BELOW}”。"
        return says, "下一级写在它下面，不写在名称里。"
    if set(names) & RESERVED_VALUES:
        return f"可选值不能用专用词：{one.name}。", ""
    if len(one.path) > _LONGEST:
        return f"各级名称连起来最多 {_LONGEST} 个字。", ""
    return "", ""


def read_within(place: Place, scope: Scope, fact: FactName) -> FactTest:
    """`房屋质量/渗漏`, or a list of such: the case has one of these nodes, or anything below it."""
    nodes = tuple(_read_node(item, scope, fact) for item in place.items())
    for node in nodes:
        if any(node != other and node.startswith(other + BELOW) for other in nodes):
            raise place.flaw(f"“{node}”已经在列出的上一级里。", expected="只写上一级。")
    return FactTest(fact.code, Comparison.WITHIN, nodes)


def _read_node(place: Place, scope: Scope, fact: FactName) -> str:
    if is_parameter(place):
        place = parameter_place(place, scope)
    word = place.text()
    if word not in fact.nodes:
        raise no_such_node(place, word, fact)
    return word


def no_such_node(place: Place, word: str, fact: FactName) -> Exception:
    """With the whole path of the nearest one, also where only the last name was written."""
    ends = [node for node in fact.nodes if node.endswith(BELOW + word)]
    near = ends[0] if ends else nearest(word, fact.nodes)
    return place.flaw(f'没有"{word}"这一级。', near=near, expected="从最上一级写起，如 房屋质量/渗漏。")


def not_chosen(place: Place, word: str, fact: FactName) -> Exception:
    """Why a node cannot be a value: something lies below it, and the pack lets only the last level be chosen."""
    if word not in fact.nodes:
        return no_such_node(place, word, fact)
    below = "、".join(children(fact.nodes, word)[:_MANY])
    says = f"“{word}”下面还有一级，要选到最下面一级。"
    return place.flaw(says, expected=f"可选：{below}；中间的一级也可选的，事实写 {labelled('inner')}: 是。")


def is_node(place: Place) -> bool:
    """Whether a node, a list of nodes or a parameter stands there, and not a comparison."""
    return isinstance(place.node, Text | Seq) or (isinstance(place.node, Map) and is_parameter(place))
