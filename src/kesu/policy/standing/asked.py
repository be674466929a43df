"""Whether a form asks for a fact, by what is chosen in it and what is known already (`asked_when`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kesu.policy.model.conditions import All, Always, AnyOf, Comparison, Condition, FactTest, Not
from kesu.policy.model.facts import Fact, Value
from kesu.policy.standing.comparing import compare


def is_asked(fact: Fact, facts: Mapping[str, Value]) -> bool:
    """`facts`: what is stated with the step, over what was stated before."""
    return fact.asked_when is None or holds_of(fact.asked_when, facts)


def holds_of(condition: Condition, facts: Mapping[str, Value]) -> bool:
    """Whether a condition about chosen facts alone is true. Raises `TypeError` for any other: none is compiled."""
    match condition:
        case FactTest():
            return _is_so(condition, facts.get(condition.fact))
        case All(parts):
            return all(holds_of(part, facts) for part in parts)
        case AnyOf(parts):
            return any(holds_of(part, facts) for part in parts)
        case Not(part):
            return not holds_of(part, facts)
        case Always(holds):
            return holds
        case _:
            raise TypeError(condition)


def facts_read(condition: Condition) -> Iterator[str]:
    """The facts that such a condition looks at."""
    match condition:
        case FactTest(fact):
            yield fact
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from facts_read(part)
        case Not(part):
            yield from facts_read(part)


def _is_so(test: FactTest, value: Value | None) -> bool:
    is_stated = value is not None and value != ()
    if test.comparison in {Comparison.STATED, Comparison.UNSTATED}:
        return is_stated is (test.comparison is Comparison.STATED)
    if value is None:
        return False
    if test.comparison in {Comparison.HAS, Comparison.WITHIN}:
        return compare(test.comparison, value, _words(test.operand))
    options = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    return any(compare(Comparison.IS, value, option) for option in options if isinstance(option, str | bool))


def _words(operand: object) -> Value | None:
    if isinstance(operand, tuple):
        return tuple(part for part in operand if isinstance(part, str))
    return operand if isinstance(operand, str) else None
