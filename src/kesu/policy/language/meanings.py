"""`means` of a fact: what its values mean in the words that all policies share.

`means: verdict` where the values are those words; otherwise `means: {verdict: {合理: 属实, 不合理: 不属实}}`. What is
left out says none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kesu.policy.errors import nearest
from kesu.policy.language.labels import labelled
from kesu.policy.language.names import FactName
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import NO, YES, Fields, Flaw, Place, Scope, one_of
from kesu.policy.model.facts import DataClass, FactType, Meaning
from kesu.policy.model.meanings import WORDS
from kesu.policy.model.pack import Kind

Means = tuple[Meaning | None, Mapping[str, tuple[str, ...]]]
_NOTHING: Means = (None, {})


def read_meaning(fields: Fields, fact: FactName, data: str) -> Means:
    """The meaning, and by shared word the values of the fact that say it."""
    return fields.read("means", lambda at, on: _read(at, on, fact, data), _NOTHING)


def _read(place: Place, scope: Scope, fact: FactName, data: str) -> Means:
    is_said = fact.type in {FactType.CHOICE, FactType.FLAG} or fact.type is FactType.CHOICES
    if not is_said or data != DataClass.INTERNAL:
        raise place.flaw(f"只有大家都看得到的选择或是否类的事实可以写 {labelled('means')}。", at_key=True)
    if not isinstance(place.node, Map):
        meaning = Meaning(one_of(tuple(Meaning))(place, scope))
        return meaning, _of_its_own(place, fact, meaning)
    if len(place.node.entries) != 1:
        raise place.flaw("这里写一种含义。", expected=f"如 {{verdict: {{合理: 属实}}}}；可用：{'、'.join(Meaning)}")
    inner = place.codes()[0]
    if inner.key not in set(Meaning):
        raise inner.flaw(f"没有“{inner.key}”这种含义。", near=nearest(inner.key, Meaning), at_key=True)
    meaning = Meaning(inner.key)
    return meaning, dict(_pairs(inner, fact, meaning))


def _of_its_own(place: Place, fact: FactName, meaning: Meaning) -> Mapping[str, tuple[str, ...]]:
    known = [value for value in fact.values if value in WORDS[meaning]]
    if not known:
        example = f"{{{meaning}: {{{WORDS[meaning][0]}: …}}}}"
        raise place.flaw(
            f"{fact.name}的值不是共用的词：{'、'.join(WORDS[meaning])}。", expected=f"写哪个值是哪个词，如 {example}"
        )
    return {value: (value,) for value in known}


def _pairs(place: Place, fact: FactName, meaning: Meaning) -> Iterator[tuple[str, tuple[str, ...]]]:
    values = (YES, NO) if fact.type is FactType.FLAG else fact.nodes or fact.values
    seen: dict[str, str] = {}
    for entry in place.codes():
        if entry.key not in WORDS[meaning]:
            words = "、".join(WORDS[meaning])
            raise entry.flaw(f"没有“{entry.key}”这个共用的词。", expected=f"可用：{words}", at_key=True)
        own = tuple(item.text() for item in entry.items())
        for value in own:
            if value not in values:
                raise entry.flaw(f'没有"{value}"这个值。', near=nearest(value, values))
            if seen.setdefault(value, entry.key) != entry.key:
                raise entry.flaw(f"“{value}”写了两个意思：{seen[value]}、{entry.key}。")
        yield entry.key, own


def check_meanings(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Each meaning has one fact: two of them could say different things of one case."""
    seen: dict[Meaning, str] = {}
    for code, fact in kind.facts.items():
        if fact.meaning is None:
            continue
        other = seen.setdefault(fact.meaning, fact.name)
        if other != fact.name:
            place = Place(tree, "").child("facts").child(code, is_code=True).child("means")
            yield place.flaw(f"{other}已经是这种含义，一种案件只能有一个。", at_key=True)
