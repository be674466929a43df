"""`seen_by` and `drawn` of a fact: texts that only some roles read, and codes that the program draws at random."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kesu.policy.language.labels import labelled
from kesu.policy.language.names import FactName
from kesu.policy.language.nodes import Map
from kesu.policy.language.people import read_slots
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.facts import GRADED, DataClass, Fact, FactType
from kesu.policy.model.pack import Kind

DATA_CLASSES: Final = tuple(one.value for one in GRADED)
"""What `data` may say; a reserved text says by whom it is seen instead."""
_SIGNS: Final = re.compile(r"([0-9]{1,2})位")
_LEAST, _MOST = 6, 20
_BY_HAND: Final = ("by", "default", "multiline", "at_least")


def class_of(fields: Fields, data: str, seen_by: tuple[str, ...]) -> DataClass:
    """The data class of a fact: what `data` says, unless only some roles read it."""
    if seen_by and fields.has("data"):
        fields.scope.note(
            fields.place.child("data").flaw(f"写了 {labelled('seen_by')}，数据级别就定了。", expected="请去掉 data。")
        )
    return DataClass.RESERVED if seen_by else DataClass(data)


def read_seen_by(place: Place, scope: Scope, known: FactName) -> tuple[str, ...]:
    if known.type is not FactType.TEXT:
        raise place.flaw(
            f"只有文字（text）类型的事实可以写 {labelled('seen_by')}：别的值写在案卷里，看得到这一件的人都看得到。",
            at_key=True,
        )
    return read_slots(place, scope)


def read_drawn(place: Place, known: FactName) -> int:
    """`8位`: so many signs, letters and figures that nobody mistakes for each other."""
    if known.type is not FactType.TEXT:
        raise place.flaw(f"只有文字（text）类型的事实可以写 {labelled('drawn')}。", at_key=True)
    found = _SIGNS.fullmatch(place.text())
    if found is None or not _LEAST <= int(found[1]) <= _MOST:
        raise place.flaw(f"看不懂“{place.text()}”。", expected=f"写抽几位，如 8位，{_LEAST} 到 {_MOST} 位。")
    return int(found[1])


def note_written_by_hand(fields: Fields, drawn: int) -> None:
    """What only somebody who writes could keep to."""
    for key in _BY_HAND if drawn else ():
        if fields.has(key):
            at = fields.place.child(key)
            fields.scope.note(at.flaw(f"由程序抽取的，不能写 {labelled(key)}：没有人填。", at_key=True))


def check_reserved(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """A reserved text neither goes nor comes where others read; what is drawn, a step asks for."""
    for code, fact in kind.facts.items():
        if not (fact.seen_by or fact.drawn):
            continue
        place = Place(tree, "").child("facts").child(code, is_code=True)
        if fact.data is DataClass.RESERVED:
            for why in _open_to_others(kind, fact):
                yield place.flaw(f"{code}（{fact.name}）只给写明的岗位看，{why}。")
        if fact.drawn:
            yield from _never_drawn(place, kind, fact)


def _open_to_others(kind: Kind, fact: Fact) -> Iterator[str]:
    code = fact.code
    if kind.is_sealed:
        yield "密封的案件却只有名单上的人看得到，请去掉 seen_by"
    if code in {kind.title_fact, kind.place_fact, *kind.list_facts}:
        yield "不能作标题、地点或列表的栏：看得到列表的人都会看到"
    for notice in kind.notices.values():
        if code in notice.says:
            yield f"不能写进告知“{notice.name}”"
    for link in kind.opens.values():
        if code in link.carries.values():
            yield f"不能由“{link.name}”带到另一件"
        if code in link.brings:
            yield f"不能由“{link.name}”从另一件带回"


def _never_drawn(place: Place, kind: Kind, fact: Fact) -> Iterator[Flaw]:
    code = fact.code
    if not any(code in step.asks for step in kind.steps.values()):
        yield place.flaw(
            f"没有步骤要 {code}（{fact.name}），永远不会抽取。", expected="请写进一个步骤的 asks（必填事实）。"
        )
    forms = (form for step in kind.steps.values() for form in step.forms if form in kind.documents)
    in_forms = any(code in kind.documents[form].fields for form in forms)
    if in_forms or any(code in step.may_state for step in kind.steps.values()):
        yield place.flaw(
            f"{code}（{fact.name}）由程序抽取，没有人填。",
            expected="请只写进 asks（必填事实），不写进 may（可填事实）和文书的 fields；要印在文书上的写进 print。",
        )
