"""Which facts are no longer with an event. It is read off the event alone, so that whoever reads the log without
walking it comes to the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kesu.policy.events import Event
from kesu.policy.model.conditions import All, AnyOf, Comparison, Condition, FactRef, FactTest, Not, Present
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.standing.comparing import compare

Lapses = Mapping[str, Sequence[tuple[str, Condition | None]]]
"""Event → the facts that are no longer with it, each with what the event must say for that."""


def lapses_of(kind: Kind) -> Lapses:
    found: dict[str, list[tuple[str, Condition | None]]] = {}
    for code, fact in kind.facts.items():
        for moment in fact.lapses:
            found.setdefault(moment.subject, []).append((code, moment.where))
    return found


def lapsed_with(event: Event, lapses: Lapses) -> frozenset[str]:
    """The codes of the facts that are no longer with this event."""
    found = lapses.get(event.kind)
    if found is None:
        return frozenset()
    return frozenset(code for code, where in found if where is None or _holds(where, event.facts))


def _holds(condition: Condition, facts: Mapping[str, Value]) -> bool:
    match condition:
        case All(parts):
            return all(_holds(part, facts) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, facts) for part in parts)
        case Not(part):
            return not _holds(part, facts)
        case FactTest():
            return _test(condition, facts.get(condition.fact))
        case _:
            return False  # the reader lets nothing else through


def _test(test: FactTest, value: Value | None) -> bool:
    if test.comparison is Comparison.UNSTATED:
        return value is None or value == ()
    if value is None or value == ():
        return False
    if test.comparison is Comparison.STATED:
        return True
    operand = test.operand
    if isinstance(operand, FactRef | Present):
        return False  # the reader lets neither through
    if isinstance(operand, tuple):
        literals = tuple(one for one in operand if not isinstance(one, FactRef))
        if test.comparison is Comparison.IN:
            return any(compare(Comparison.IS, value, one) for one in literals)
        return compare(test.comparison, value, tuple(one for one in literals if isinstance(one, str)))
    return compare(Comparison.IS if test.comparison is Comparison.IN else test.comparison, value, operand)
