"""What a condition asks about: its leaves, the facts it names, the moments it looks for."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.model.conditions import (
    All,
    AnyOf,
    Condition,
    Derivation,
    Elapsed,
    FactRef,
    FactTest,
    Happened,
    Moment,
    Not,
    SamePerson,
)

Leaf = Condition  # a condition that holds no other one, except in the filters of its moments


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    match condition:
        case None:
            return
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def moments_in(condition: Condition | None) -> Iterator[Moment]:
    for leaf in leaves(condition):
        if isinstance(leaf, Happened):
            yield leaf.moment
            if leaf.since is not None:
                yield leaf.since
        elif isinstance(leaf, Elapsed):
            yield leaf.since
        elif isinstance(leaf, SamePerson):
            yield from (side for side in leaf.sides if isinstance(side, Moment))


def facts_in(condition: Condition | None) -> Iterator[str]:
    """Every fact that the condition reads, those in the filters of moments included."""
    for leaf in leaves(condition):
        if isinstance(leaf, FactTest):
            yield leaf.fact
            operands = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
            yield from (operand.code for operand in operands if isinstance(operand, FactRef))
        elif isinstance(leaf, Elapsed):
            yield from (code for code, _ in leaf.counts)
        elif isinstance(leaf, SamePerson):
            yield from (side.code for side in leaf.sides if isinstance(side, FactRef))
    for moment in moments_in(condition):
        yield from facts_in(moment.where)


def facts_behind(derivation: Derivation) -> Iterator[str]:
    """Every fact on which a derived one rests."""
    if derivation.fact is not None:
        yield derivation.fact
    for moment in derivation.of:
        yield from facts_in(moment.where)
    for row in derivation.table.rows if derivation.table else ():
        yield from facts_in(row.when)
        if isinstance(row.use, FactRef):
            yield row.use.code


def conditions_of(derivation: Derivation) -> Iterator[Condition]:
    """The conditions that a derived fact reads."""
    yield from (moment.where for moment in derivation.of if moment.where is not None)
    yield from (row.when for row in (derivation.table.rows if derivation.table else ()))
