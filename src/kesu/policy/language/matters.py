"""Facts that are counted over the matter of a case: `counted: {matter: people, window: {rolling: 30天}}`."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.heads import counted_facts, edges_of
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, one_of
from kesu.policy.language.windows import read_window
from kesu.policy.model.conditions import FactRef, MatterCount
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.parts import parts_of


def read_matter_count(place: Place, scope: Scope, kind: FactType) -> MatterCount:
    """`{matter: people}`, with a `window` or without."""
    if kind is not FactType.NUMBER:
        raise place.flaw("同一事项的人数是数。", expected="请写 number 类型的事实。", at_key=True)
    fields = Fields(place, scope, ("matter", "window"))
    fields.need("matter", one_of(["people"]), "people")
    return MatterCount(fields.read("window", read_window, None))


def matter_count_flaws(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """A case learns of such a number when it crosses an edge that its rules name: there must be one, and the number
    must not be compared with anything that moves."""
    counted = counted_facts(kind)
    moving = {part.code for part in parts_of(kind) if isinstance(part, FactRef)} if counted else set()
    for fact in counted:
        place = Place(tree, "").child("facts").child(fact.code, is_code=True).child("counted")
        if kind.is_sealed:
            yield place.flaw("密封的案件不归入同一事项：归入就有人知道有这一件。", expected="请去掉这个事实。")
        elif fact.code in moving:
            yield place.flaw(
                f"{fact.code}（{fact.name}）不能拿来与别的事实比，也不能原样引用：人数只在到界限时告知这一件。",
                expected="条件里请与一个写定的数比，如 {at_least: 3}。",
            )
        elif not edges_of(kind, fact.code):
            yield place.flaw(
                f"没有规则用到 {fact.code}（{fact.name}）到了几人，永远不会告知这一件。",
                expected="请在条件里写到几人，如 {at_least: 3}；用不到就去掉。",
            )
