"""`kind` of a fact of type `case`: of which kinds one may be named there. With the checks that need all kinds of the
pack: what is named must be there to be named, and nothing may lead to a sealed case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kesu.policy.language.labels import labelled
from kesu.policy.language.names import FactName
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.facts import CaseKind, Fact, FactType
from kesu.policy.model.pack import Kind


def read_case_kinds(place: Place, scope: Scope, fact: FactName) -> tuple[CaseKind, ...]:
    """A kind of this pack, `{served: complaint}` for one of whatever pack rules it, or a list of such."""
    if fact.type is not FactType.CASE:
        raise place.flaw(f"只有另一件诉件（case）类型的事实可以写 {labelled('kind')}。", at_key=True)
    return tuple(dict.fromkeys(read_kind_word(item, scope) for item in place.items()))


def read_kind_word(place: Place, scope: Scope) -> CaseKind:
    """A kind of this pack, or `{served: complaint, name: 投诉}`: of whatever pack serves it, with what people call it
    where this pack has no kind of that code."""
    if not isinstance(place.node, Map):
        return CaseKind(place.text())
    fields = Fields(place, scope, ("served", "name"))
    return CaseKind(fields.need_text("served"), is_served=True, name=fields.text("name"))


def check_named_cases(kinds: Mapping[str, Kind], trees: Map, scopes: Mapping[str, Scope]) -> None:
    """Notes facts in which no case could be named, or one that must not be."""
    for code, kind in kinds.items():
        for fact in (one for one in kind.facts.values() if one.kinds):
            place = Place(trees.map(code), "").child("facts").child(fact.code, is_code=True)
            for flaw in _flaws(place, kind, fact, kinds):
                scopes[code].note(flaw)


def _flaws(place: Place, kind: Kind, fact: Fact, kinds: Mapping[str, Kind]) -> Iterator[Flaw]:
    if kind.is_sealed:
        yield place.child("kind").flaw(
            f"{kind.name}是密封的，不能指到别的案件：那一件的页面会写明是谁指到它。",
            expected="请写成文字（text），或去掉这个事实。",
        )
        return
    for one in fact.kinds:
        other = kinds.get(one.code)
        if not one.is_served and other is None:
            yield place.child("kind").flaw(
                f"本制度没有案件种类 {one.code}。",
                expected=f"可用：{'、'.join(kinds)}；要填当地施行的另一部制度的，写 {{served: {one.code}}}。",
            )
        elif other is not None and other.is_sealed:
            yield place.child("kind").flaw(
                f"{other.name}是密封的：写了它的编号，看得到本件的人就知道有那一件。",
                expected="请写别的案件种类。",
            )


def with_case_names(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds with the names of those of which one may be named, for whoever reads what a fact asks."""
    names = {code: kind.name for code, kind in kinds.items()}
    return {code: replace(kind, facts=_named(kind.facts, names)) for code, kind in kinds.items()}


def _named(facts: Mapping[str, Fact], names: Mapping[str, str]) -> Mapping[str, Fact]:
    named = {
        code: replace(fact, kinds=tuple(replace(one, name=one.name or names.get(one.code, "")) for one in fact.kinds))
        for code, fact in facts.items()
        if fact.kinds
    }
    return {**facts, **named} if named else facts
