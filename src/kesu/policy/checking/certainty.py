"""What can be said of a condition without a case: certainly so, certainly not so, or it depends."""

from __future__ import annotations

from kesu.policy.model.conditions import (
    All,
    Always,
    AnyOf,
    Comparison,
    Condition,
    FactTest,
    LevelTest,
    Not,
    StageTest,
)
from kesu.policy.model.pack import Kind
from kesu.policy.model.trees import is_within

Certain = bool | None


def at_level(condition: Condition | None, level: str, kind: Kind) -> Certain:
    """Whether it holds of every case of this level, of none, or (None) of some."""
    match condition:
        case None:
            return True
        case Always(holds):
            return holds
        case LevelTest(comparison, levels):
            return _of_level(comparison, levels, level, kind)
        case Not(part):
            held = at_level(part, level, kind)
            return None if held is None else not held
        case All(parts):
            return _every([at_level(part, level, kind) for part in parts])
        case AnyOf(parts):
            return _some([at_level(part, level, kind) for part in parts])
        case _:
            return None


def _of_level(comparison: Comparison, levels: tuple[str, ...], level: str, kind: Kind) -> bool:
    assert kind.levels is not None
    rank, ranks = kind.levels.rank(level), [kind.levels.rank(one) for one in levels]
    if comparison is Comparison.AT_LEAST:
        return rank >= min(ranks)
    if comparison is Comparison.AT_MOST:
        return rank <= max(ranks)
    return rank in ranks


def _every(held: list[Certain]) -> Certain:
    if False in held:
        return False
    return None if None in held else True


def _some(held: list[Certain]) -> Certain:
    if True in held:
        return True
    return None if None in held else False


def exclude_each_other(one: Condition | None, other: Condition | None) -> bool:
    """Whether no case can fulfil both, as far as their plain tests of one fact, level or stage show it."""
    return any(_clash(a, b) for a in _must(one) for b in _must(other))


def _must(condition: Condition | None) -> tuple[Condition, ...]:
    """The parts that all have to hold."""
    if condition is None:
        return ()
    if isinstance(condition, All):
        return tuple(part for whole in condition.parts for part in _must(whole))
    return (condition,)


def _clash(one: Condition, other: Condition) -> bool:
    if isinstance(one, Not):
        return one.part == other
    if isinstance(other, Not):
        return other.part == one
    match one, other:
        case FactTest(), FactTest() if one.fact == other.fact:
            return _values_clash(one, other)
        case LevelTest(Comparison.IN, ours), LevelTest(Comparison.IN, theirs):
            return not set(ours) & set(theirs)
        case StageTest(ours), StageTest(theirs):
            return not set(ours) & set(theirs)
        case _:
            return False


def _values_clash(one: FactTest, other: FactTest) -> bool:
    stated = {one.comparison, other.comparison}
    if Comparison.UNSTATED in stated:
        return stated != {Comparison.UNSTATED}
    if stated == {Comparison.WITHIN}:
        pairs = [(str(own), str(other)) for own in _values(one) for other in _values(other)]
        return not any(is_within(own, their) or is_within(their, own) for own, their in pairs)
    if stated <= {Comparison.IS, Comparison.IN}:
        return not set(_values(one)) & set(_values(other))
    return False


def _values(test: FactTest) -> tuple[object, ...]:
    return test.operand if isinstance(test.operand, tuple) else (test.operand,)
