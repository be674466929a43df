"""What a sum of money of a case is made of: line by line, as its steps stated it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.sight.reading import CaseRead
from kesu.policy.model.conditions import Aggregate
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.standing.conditions import View
from kesu.policy.standing.derived import counted_marks


@dataclass(frozen=True, slots=True)
class SumLine:
    """`words`: what was chosen with the amount, in the order of the policy."""

    words: tuple[str, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SumView:
    name: str
    lines: tuple[SumLine, ...]
    total: Decimal
    clauses: tuple[ClauseLine, ...]


def sums_of(read: CaseRead, events: Collection[str]) -> tuple[SumView, ...]:
    """The sums of which these events say something, or that count by them, and to which something was added."""
    counted = {one.fact for one in read.kind.measures.values() if {moment.subject for moment in one.of} & set(events)}
    view = read.current.view
    asked = [one for one in summed(read.kind) if one.code in counted or _events(one) & set(events)]
    found = ((fact, sum_lines(read.kind, view, fact)) for fact in asked)
    return tuple(
        SumView(fact.name, lines, _total(lines), clause_lines(read.pack, fact.clauses))
        for fact, lines in found
        if lines
    )


def _total(lines: Iterable[SumLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal())


def summed(kind: Kind) -> Iterator[Fact]:
    for fact in kind.facts.values():
        if fact.type is FactType.MONEY and fact.derive is not None and fact.derive.aggregate is Aggregate.SUM:
            yield fact


def sum_lines(kind: Kind, view: View, fact: Fact | None) -> tuple[SumLine, ...]:
    """Oldest first; nothing of a fact that is no sum."""
    derive = fact.derive if fact is not None else None
    if derive is None or derive.aggregate is not Aggregate.SUM or derive.fact is None:
        return ()
    summand = derive.fact
    chosen = [code for code, each in kind.facts.items() if each.type is FactType.CHOICE]
    return tuple(
        SumLine(tuple(str(mark.own[code]) for code in chosen if code in mark.own), Decimal(str(mark.own[summand])))
        for mark in counted_marks(derive, view)
        if summand in mark.own
    )


def _events(fact: Fact) -> set[str]:
    return {moment.subject for moment in (*fact.derive.of, *fact.derive.since)} if fact.derive else set()
