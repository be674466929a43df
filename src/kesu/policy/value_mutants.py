"""Mutants of conditions over what was chosen: the other answer, another value, a node above, below or beside; and of a
fact of which also, or no longer, what has something below it may be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kesu.policy.model.conditions import Comparison, FactTest
from kesu.policy.model.facts import Fact
from kesu.policy.model.pack import Kind
from kesu.policy.model.trees import above, children, leaves, nodes_of
from kesu.policy.operators import Operator

Changed = Iterator[tuple[Operator, str, FactTest]]


def of_values(test: FactTest, kind: Kind) -> Changed:
    """Of one test; what compares figures is not meant."""
    match test.comparison, test.operand:
        case ((Comparison.STATED | Comparison.UNSTATED), _):
            other = Comparison.UNSTATED if test.comparison is Comparison.STATED else Comparison.STATED
            yield Operator.COMPARISON, f"{test.comparison}→{other}", replace(test, comparison=other)
        case Comparison.IS, bool(answer):
            yield Operator.COMPARISON, f"{answer}→{not answer}", replace(test, operand=not answer)
        case Comparison.IS, str(own):
            values = [value for value in kind.facts[test.fact].values if value != own]
            if values:
                yield Operator.COMPARISON, f"{own}→{values[0]}", replace(test, operand=values[0])
        case ((Comparison.IN | Comparison.WITHIN), tuple(several)) if len(several) > 1:
            for index, value in enumerate(several):
                rest = (*several[:index], *several[index + 1 :])
                yield Operator.COMPARISON, f"不含{value}", replace(test, operand=rest)
        case Comparison.WITHIN, (str(node),):
            yield from _other_nodes(test, node, nodes_of(kind.facts[test.fact].values))
        case _:
            return


def _other_nodes(test: FactTest, node: str, nodes: tuple[str, ...]) -> Changed:
    beside = [other for other in children(nodes, above(node)) if other != node]
    for other in (above(node), *children(nodes, node)[:1], *beside[:1]):
        if other:
            yield Operator.COMPARISON, f"{node}→{other}", replace(test, operand=(other,))


def of_inner(fact: Fact) -> tuple[Operator, str, Fact]:
    """Of values in levels."""
    last, every = leaves(fact.values), nodes_of(fact.values)
    if len(last) < len(fact.values):
        return Operator.FACT, "只能选最下面一级", replace(fact, values=last)
    return Operator.FACT, "中间的一级也可选", replace(fact, values=every)


def of_meaning(fact: Fact) -> Iterator[tuple[Operator, str, Fact]]:
    """Of what its values mean in shared words: each word left out; where the words are its own, all of them."""
    if fact.meaning is not None and all(own == (word,) for word, own in fact.means.items()):
        yield Operator.FACT, "没有共用的含义", replace(fact, meaning=None, means={})
    elif fact.meaning is not None:
        for word in fact.means:
            means = {other: own for other, own in fact.means.items() if other != word}
            yield Operator.FACT, f"没有值算作{word}", replace(fact, means=means)
