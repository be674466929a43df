"""Comparing two fact values. Values of kinds that cannot be compared are simply not in that relation."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kesu.policy.model.conditions import Comparison
from kesu.policy.model.facts import Value
from kesu.policy.model.trees import is_within


def compare(how: Comparison, value: Value, other: Value | None) -> bool:
    """Whether `value` stands in the relation to `other`. An unstated `other` is in no relation to anything."""
    if other is None:
        return False
    if how is Comparison.HAS:
        return _has(value, other)
    if how is Comparison.WITHIN:
        nodes = other if isinstance(other, tuple) else (other,)
        return any(is_within(str(value), str(node)) for node in nodes)
    if how is Comparison.IS:
        return _equal(value, other)
    left, right = _orderable(value), _orderable(other)
    if left is None or right is None or type(left) is not type(right):
        return False
    match how:
        case Comparison.AT_LEAST:
            return bool(left >= right)
        case Comparison.AT_MOST:
            return bool(left <= right)
        case Comparison.ABOVE:
            return bool(left > right)
        case _:
            return bool(how is Comparison.BELOW and left < right)


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


def _orderable(value: Value) -> Any:
    if isinstance(value, bool | str | tuple):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, datetime):
        return value
    return value if isinstance(value, date | Decimal) else None
