"""`per` of a fact: it has a value of its own for each value of another fact, as every department has its handler."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.language.labels import labelled
from kesu.policy.language.names import FactName
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Flaw, Place, Scope
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.model.pack import Kind

_ONE_OF_SEVERAL = frozenset({FactType.UNIT, FactType.CHOICE})


def read_per(place: Place, scope: Scope, fact: FactName) -> str:
    """The fact whose values each have one of their own here."""
    other = scope.names.facts[scope.named("fact", place)]
    if other.type not in _ONE_OF_SEVERAL or other.is_derived or other.code == fact.code:
        raise place.flaw(
            f"{other.code}（{other.name}）不能用来分开记。",
            expected="按一个由人填写的部门（unit）或单选（choice）事实分，一步说一个。",
        )
    return other.code


def check_apart(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """Whoever states what is kept apart says for which value, and what is kept apart is stated, not worked out."""
    kept = {code: fact.per for code, fact in kind.facts.items() if fact.per is not None}
    for code, per in kept.items():
        fact, at = kind.facts[code], _at(tree, "facts", code).child("per")
        if kind.facts[per].per is not None:
            yield at.flaw(f"{per}（{kind.facts[per].name}）自己也分开记，只能分一层。", at_key=True)
        if _is_no_statement(fact):
            says = "推算、有默认值、会作废、自动加入、由其承办的事实，一件只有一个，不能分开记。"
            yield at.flaw(says, at_key=True)
    for code, step in kind.steps.items():
        asked = kind.asked(step)
        spoken = [per for per in dict.fromkeys(kept.values()) if per in asked]
        for other in spoken[1:]:
            names = f"{kind.facts[spoken[0]].name}和{kind.facts[other].name}"
            yield _at(tree, "steps", code).flaw(f"一步只能说一样：{names}都有事实按它分开记。")
        for own in (*asked, *step.may_state):
            per = kept.get(own, "")
            if per and per not in asked:
                yield _at(tree, "steps", code).flaw(
                    f"{own}（{kind.facts[own].name}）按{kind.facts[per].name}分开记，这一步没有说是哪一个。",
                    expected=f"请把 {per} 写进 {labelled('asks')}。",
                )


def _is_no_statement(fact: Fact) -> bool:
    return bool(fact.is_worked_out or fact.default is not None or fact.lapses or fact.adds or fact.in_charge)


def _at(tree: Map, section: str, code: str) -> Place:
    return Place(tree, "").child(section).child(code, is_code=True)
