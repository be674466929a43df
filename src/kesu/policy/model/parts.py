"""What a rule is made of, down to its smallest part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from kesu.policy.model.conditions import Elapsed, FactTest, Present


def parts_of(value: object) -> Iterator[object]:
    """Every dataclass inside a rule, itself included, in the order of the pack."""
    if is_dataclass(value) and not isinstance(value, type):
        yield value
        for part in fields(value):
            yield from parts_of(getattr(value, part.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from parts_of(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from parts_of(item)


def tells_time(part: object) -> bool:
    """Whether a part of a condition changes as time passes and the case ages: an age, a date against now."""
    return isinstance(part, Elapsed) or (isinstance(part, FactTest) and isinstance(part.operand, Present))
