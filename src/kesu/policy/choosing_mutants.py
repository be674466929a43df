"""Facts changed in whom may be named: more of them, people in other slots, nobody who holds the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kesu.policy.model.facts import Fact
from kesu.policy.model.pack import Kind
from kesu.policy.operators import Operator
from kesu.policy.telling.words import Words


def of_choosing(fact: Fact, kind: Kind) -> Iterator[tuple[Operator, str, Fact]]:
    if fact.most:
        yield Operator.FIGURE, f"最多 {fact.most} 位→{fact.most + 1} 位", replace(fact, most=fact.most + 1)
    if fact.per is not None:
        yield Operator.FACT, f"不再按{Words(kind).fact(fact.per)}分开记", replace(fact, per=None)
    if fact.in_charge:
        yield Operator.ROLE, "点名的人不承办", replace(fact, in_charge=False)
    for role in fact.among.roles if fact.among is not None else ():
        assert fact.among is not None
        rest = tuple(other for other in fact.among.roles if other != role)
        move = f"不再限于{Words(kind).role(role)}" if not rest else f"不再可以选{Words(kind).role(role)}"
        yield Operator.ROLE, move, replace(fact, among=replace(fact.among, roles=rest))
