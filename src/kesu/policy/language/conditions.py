"""Conditions: a map of facts and a few words (level, stage, happened, elapsed, start_in, all, any, not)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, cast

from kesu.policy.calendar import Duration
from kesu.policy.errors import nearest
from kesu.policy.language.branches import is_node, read_within
from kesu.policy.language.labels import labelled
from kesu.policy.language.lengths import read_duration
from kesu.policy.language.moments import read_moment, read_moments, with_filter
from kesu.policy.language.names import FactName
from kesu.policy.language.nodes import Map, Seq
from kesu.policy.language.operands import (
    NOT_STATED,
    STATED_WORD,
    is_parameter,
    is_text,
    parameter_place,
    read_operand,
    read_value,
)
from kesu.policy.language.reading import Fields, Place, Scope, one_of, over_cases_flaw, read_count
from kesu.policy.language.same_person import read_same_person
from kesu.policy.model.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Elapsed,
    FactTest,
    Happened,
    LevelTest,
    Not,
    Operand,
    Present,
    StageTest,
    StartIn,
)
from kesu.policy.model.facts import FactType, Value

_ORDERED: Final = frozenset({FactType.NUMBER, FactType.MONEY, FactType.DATE, FactType.TIME})
_BOUNDS: Final = (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.ABOVE, Comparison.BELOW)
_PRESENT: Final = {FactType.DATE: "今天", FactType.TIME: "此刻"}
_WORKING: Final = {"工作时间": True, "非工作时间": False}


def read_condition(place: Place, scope: Scope) -> Condition:
    """All entries of the map must hold. Several mistakes are noted one by one; what is wrong is left out."""
    if not isinstance(place.node, Map):
        raise place.flaw("条件应是「事实: 值」的表，如 {media_exposed: 是}。")
    if not place.node.entries:
        raise place.flaw("条件是空的。", expected="没有条件时请去掉这个键。")
    parts: list[Condition] = []
    for key in place.node.entries:
        special = _WORDS.get(key)
        entry = place.child(key, is_code=special is None)
        part = scope.attempt(special or _read_fact_test, entry, None)
        if part is not None:
            parts.append(part)
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _read_fact_test(place: Place, scope: Scope) -> Condition:
    if place.key not in scope.names.facts:
        over_cases = over_cases_flaw(place, place.key, scope.names, at_key=True)
        if over_cases is not None:
            raise over_cases
        words = {**dict.fromkeys(_WORDS, ""), **scope.names.known("fact")}
        near = nearest(place.key, words)
        shown = f"{near}（{words[near]}）" if words.get(near) else near
        raise place.flaw(f"没有事实 {place.key}。", near=shown, at_key=True)
    fact = scope.names.facts[place.key]
    named = Place(place.node, place.address, place.key, place.key_spot, f"（{fact.name}）")
    if is_parameter(place):
        place = parameter_place(place, scope)
        named = Place(place.node, place.address, place.key, place.key_spot, f"（{fact.name}）")
    if isinstance(place.node, Map) and not {"fact", "param"} >= set(place.node.entries):
        return _read_comparisons(named, scope, fact)
    if fact.is_tree and is_node(named) and not _says_whether(place):
        return read_within(named, scope, fact)
    if isinstance(place.node, Seq):
        values = tuple(read_operand(item, scope, fact) for item in named.items())
        return FactTest(fact.code, Comparison.IN, values)
    if _says_whether(place):
        return FactTest(fact.code, Comparison.UNSTATED if place.text() == NOT_STATED else Comparison.STATED)
    return FactTest(fact.code, Comparison.IS, _read_present(named, fact) or read_operand(named, scope, fact))


def _says_whether(place: Place) -> bool:
    """未填 or 已填."""
    return is_text(place) and place.text() in {NOT_STATED, STATED_WORD}


def _read_present(place: Place, fact: FactName) -> Present | None:
    """`今天` beside a date, `此刻` beside a date with a time."""
    word = _PRESENT.get(fact.type)
    if word is None or not is_text(place) or place.text() not in _PRESENT.values():
        return None
    if place.text() != word:
        raise place.flaw(f"{fact.code}（{fact.name}）要与“{word}”比。", expected="日期与今天比，带钟点的与此刻比。")
    return Present()


def _read_comparisons(place: Place, scope: Scope, fact: FactName) -> Condition:
    fields = Fields(place, scope, (*_BOUNDS, Comparison.HAS))
    tests: list[FactTest] = []
    for comparison in _BOUNDS:
        bound = fields.get(comparison)
        if bound is None:
            continue
        if fact.is_ordered:
            tests.append(_read_rank(bound, scope, fact, comparison))
            continue
        if fact.type not in _ORDERED:
            raise bound.flaw(f"{fact.code}（{fact.name}）没有大小，不能用 {comparison}。", at_key=True)
        tests.append(FactTest(fact.code, comparison, _read_present(bound, fact) or read_operand(bound, scope, fact)))
    has = fields.get(Comparison.HAS)
    if has is not None:
        tests.append(_read_has(has, scope, fact))
    _refuse_empty_band(place, tests)
    if not tests:
        raise place.flaw("这里没有比较。", expected="可用：at_least at_most above below has")
    return tests[0] if len(tests) == 1 else All(tuple(tests))


def _read_rank(place: Place, scope: Scope, fact: FactName, comparison: Comparison) -> FactTest:
    """Of choices in an order: those from this one upwards, or downwards."""
    place = parameter_place(place, scope) if is_parameter(place) else place
    at = fact.values.index(str(read_value(place, scope, fact)))
    chosen = {
        Comparison.AT_LEAST: fact.values[at:],
        Comparison.ABOVE: fact.values[at + 1 :],
        Comparison.AT_MOST: fact.values[: at + 1],
        Comparison.BELOW: fact.values[:at],
    }[comparison]
    if not chosen or len(chosen) == len(fact.values):
        always = "永远不会成立" if not chosen else "总是成立"
        raise place.flaw(f"{fact.name} {labelled(comparison)} {fact.values[at]}，{always}。", expected="请换一个值。")
    return FactTest(fact.code, Comparison.IN, chosen)


def _read_has(place: Place, scope: Scope, fact: FactName) -> FactTest:
    if fact.type is FactType.GROUP:
        return FactTest(fact.code, Comparison.HAS, scope.named("role", place))
    if fact.type is not FactType.CHOICES:
        raise place.flaw(f"{fact.code}（{fact.name}）不是多选，不能用 has。", at_key=True)
    return FactTest(fact.code, Comparison.HAS, read_value(place, scope, fact))


def _refuse_empty_band(place: Place, tests: list[FactTest]) -> None:
    """A band that no value can lie in is a slip of the pen: the rule would never apply."""
    ranks = [
        set(test.operand) for test in tests if test.comparison is Comparison.IN and isinstance(test.operand, tuple)
    ]
    if ranks and not set.intersection(*ranks):
        raise place.flaw("这个范围里没有值，永远不会成立。", expected="请检查下限和上限。")
    lows = [(_figure(test.operand), test.comparison is Comparison.ABOVE) for test in tests if _is_low(test)]
    highs = [(_figure(test.operand), test.comparison is Comparison.BELOW) for test in tests if _is_high(test)]
    for low, low_open in lows:
        for high, high_open in highs:
            if low is None or high is None:
                continue
            if low > high or (low == high and (low_open or high_open)):
                raise place.flaw("这个范围里没有数，永远不会成立。", expected="请检查下限和上限。")


def _is_low(test: FactTest) -> bool:
    return test.comparison in {Comparison.AT_LEAST, Comparison.ABOVE}


def _is_high(test: FactTest) -> bool:
    return test.comparison in {Comparison.AT_MOST, Comparison.BELOW}


def _figure(operand: Operand | Present | tuple[Operand, ...] | None) -> Decimal | None:
    if isinstance(operand, date):
        return Decimal(operand.toordinal())
    if isinstance(operand, int | Decimal):
        return Decimal(operand)
    return None


def _read_level(place: Place, scope: Scope) -> Condition:
    if not isinstance(place.node, Map):
        return LevelTest(Comparison.IN, scope.each("level", place))
    fields = Fields(place, scope, (Comparison.AT_LEAST, Comparison.AT_MOST))
    low, high = fields.named("level", Comparison.AT_LEAST), fields.named("level", Comparison.AT_MOST)
    tests: list[Condition] = []
    if low is not None:
        tests.append(LevelTest(Comparison.AT_LEAST, (low,)))
    if high is not None:
        tests.append(LevelTest(Comparison.AT_MOST, (high,)))
    order = scope.names.levels
    if low in order and high in order and order.index(low) > order.index(high):
        raise place.flaw("这个级别范围里没有级别，永远不会成立。")
    return tests[0] if len(tests) == 1 else All(tuple(tests))


def _read_stage(place: Place, scope: Scope) -> Condition:
    return StageTest(scope.each("stage", place))


def _read_happened(place: Place, scope: Scope) -> Condition:
    if isinstance(place.node, Map):
        fields = Fields(place, scope, ("event", "where", "at_least", "since"))
        event = fields.get("event")
        if event is None:
            raise place.flaw("缺少 event（事件）。")
        moment = with_filter(read_moment(event, scope), fields.read("where", read_condition, None))
        return Happened(moment, fields.read("at_least", read_count, 1), fields.read("since", read_moment, None))
    parts = tuple(Happened(moment) for moment in read_moments(place, scope))
    return parts[0] if len(parts) == 1 else All(parts)


def _read_elapsed(place: Place, scope: Scope) -> Condition:
    fields = Fields(place, scope, ("since", "at_least", "at_most", "counts"))
    since = fields.get("since")
    if since is None:
        raise place.flaw(
            "elapsed（历时）缺少 since（自何时）。", expected="请写 {since: case.received, at_least: 1周}。"
        )
    at_least: Duration | None = fields.read("at_least", read_duration, None)
    at_most: Duration | None = fields.read("at_most", read_duration, None)
    if not (fields.has("at_least") or fields.has("at_most")):
        raise place.flaw("elapsed（历时）缺少 at_least（至少）或 at_most（至多）。")
    counts = fields.read("counts", _read_counts, ())
    return Elapsed(read_moment(since, scope), at_least, at_most, counts)


def _read_counts(place: Place, scope: Scope) -> tuple[tuple[str, Value], ...]:
    pairs: list[tuple[str, Value]] = []
    for entry in place.codes():
        fact = scope.names.facts[scope.named("fact", entry, entry.key)]
        pairs.append((fact.code, read_value(entry, scope, fact)))
    return tuple(pairs)


def _read_start_in(place: Place, scope: Scope) -> Condition:
    return StartIn(_WORKING[one_of(_WORKING)(place, scope)])


def _read_parts(place: Place, scope: Scope) -> tuple[Condition, ...]:
    if not isinstance(place.node, Seq) or not place.node.items:
        raise place.flaw("这里应是条件的列表，如 [{urgent: 是}, {level: major}]。")
    found = (scope.attempt(read_condition, item, cast("Condition | None", None)) for item in place.items())
    return tuple(part for part in found if part is not None)


def _read_all(place: Place, scope: Scope) -> Condition:
    return All(_read_parts(place, scope))


def _read_any(place: Place, scope: Scope) -> Condition:
    return AnyOf(_read_parts(place, scope))


def _read_not(place: Place, scope: Scope) -> Condition:
    return Not(read_condition(place, scope))


_WORDS: Final[dict[str, Callable[[Place, Scope], Condition]]] = {
    "level": _read_level,
    "stage": _read_stage,
    "happened": _read_happened,
    "elapsed": _read_elapsed,
    "start_in": _read_start_in,
    "same_person": read_same_person,
    "all": _read_all,
    "any": _read_any,
    "not": _read_not,
}

CONDITION_WORDS: Final = frozenset(_WORDS)
"""Words of the grammar that no fact may be called."""
