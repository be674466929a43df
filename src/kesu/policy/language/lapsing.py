"""`lapses` of a fact: the events with which what was stated is no longer, and what they must say for it."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.language.asked import facts_in, leaves
from kesu.policy.language.moments import read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.conditions import Condition, FactRef, FactTest, Moment, MomentNoun, Present
from kesu.policy.model.facts import Fact
from kesu.policy.model.pack import Kind


def read_lapses(fields: Fields, place: Place, *, is_derived: bool) -> tuple[Moment, ...]:
    """`case.reopened`, or `{event: opinion.recorded, where: {satisfied: 否}}`, or several of them."""
    if fields.has("lapses") and is_derived:
        fields.scope.note(place.child("lapses").flaw(f"{place.key} 是推算的事实，自己会变，不用作废。", at_key=True))
    return fields.read("lapses", _read_events, ())


def _read_events(place: Place, scope: Scope) -> tuple[Moment, ...]:
    moments = read_moments(place, scope)
    if any(moment.noun is not MomentNoun.EVENT for moment in moments):
        raise place.flaw(
            "作废的时刻只能写步骤的事件或外部事件。", expected="例如 case.reopened，或 {event: …, where: …}。"
        )
    return moments


def check_lapses(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """What lapses is read off the event alone: its `where` may ask for nothing else."""
    for code, fact in kind.facts.items():
        for moment in fact.lapses:
            place = Place(tree, "").child("facts").child(code, is_code=True)
            yield from _not_of_the_event(place, kind, fact, moment)


def _not_of_the_event(place: Place, kind: Kind, fact: Fact, moment: Moment) -> Iterator[Flaw]:
    if moment.where is None:
        return
    at = place.child("lapses")
    others = [code for code in facts_in(moment.where) if code not in stated_with(kind, moment.subject)]
    if others or not all(map(_is_plain, leaves(moment.where))):
        what = f"{others[0]}（{kind.facts[others[0]].name}）不是它填的" if others else "这里写了别的"
        yield at.flaw(
            f"{fact.name}作废的条件只能看 {moment.subject} 那一步自己填的，{what}。",
            expected="请写那一步的事实等于什么，或者换一个事件。",
        )


def _is_plain(leaf: Condition) -> bool:
    if not isinstance(leaf, FactTest):
        return False
    operands = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
    return not any(isinstance(operand, FactRef | Present) for operand in operands)


def stated_with(kind: Kind, event: str) -> frozenset[str]:
    """The facts that an event of this kind may carry."""
    found = set(kind.events[event].facts) if event in kind.events else set()
    for step in (step for step in kind.steps.values() if step.event == event):
        found.update((*kind.asked(step), *step.may_state))
    return frozenset(found)
