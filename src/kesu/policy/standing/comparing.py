"""Comparing two fact values. Values of kinds that cannot be compared are simply not in that relation."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from kesu.policy.model.conditions import Comparison
from kesu.policy.model.facts import Value
from kesu.policy.model.trees import is_within


def compare(how: Comparison, value: Value, other: Value | None) -> bool:
    """Whether `value` stands in the relation to `other`. An unstated `other` is in no relation to anything."""
    if other is None:
        return False
    relation = _RELATIONS.get(how)
    if relation is not None:
        return relation(value, other)
    scale = _SCALES.get(type(value))
    if scale is None or scale is not _SCALES.get(type(other)) or how not in _ORDERS:
        return False
    return _ORDERS[how](value, other)


def _equal(value: Value, other: Value) -> bool:
    # 是 and 1 are different things, though Python says True == 1.
    if isinstance(value, bool) is not isinstance(other, bool):
        return False
    if isinstance(value, tuple) and isinstance(other, str):
        return other in value
    return value == other


def _has(value: Value, other: Value) -> bool:
    held = value if isinstance(value, tuple) else (value,)
    wanted = other if isinstance(other, tuple) else (other,)
    # A group holds members written `role:person`; a rule asks for the role.
    roles = {member.partition(":")[0] for member in held if isinstance(member, str)}
    return all(one in held or one in roles for one in wanted)


def _within(value: Value, other: Value) -> bool:
    nodes = other if isinstance(other, tuple) else (other,)
    return any(is_within(str(value), str(node)) for node in nodes)


_RELATIONS: Final[Mapping[Comparison, Callable[[Value, Value], bool]]] = {
    Comparison.HAS: _has,
    Comparison.WITHIN: _within,
    Comparison.IS: _equal,
}
_ORDERS: Final[Mapping[Comparison, Callable[[Any, Any], bool]]] = {
    Comparison.AT_LEAST: operator.ge,
    Comparison.AT_MOST: operator.le,
    Comparison.ABOVE: operator.gt,
    Comparison.BELOW: operator.lt,
}
_SCALES: Final[Mapping[type, str]] = {int: "number", Decimal: "number", datetime: "instant", date: "day"}
"""What can be put in order, and with what: 是 is no number, though Python takes it for one."""
