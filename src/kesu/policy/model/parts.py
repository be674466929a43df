"""What a rule is made of, down to its smallest part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from kesu.policy.model.conditions import Elapsed, FactTest, Present


class _Fields(dict[type, tuple[str, ...] | None]):
    """Of a dataclass its fields, the last one first, since that is to be looked at last; None for anything else."""

    def __missing__(self, shape: type) -> tuple[str, ...] | None:
        names = tuple(part.name for part in reversed(fields(shape))) if is_dataclass(shape) else None
        self[shape] = names
        return names


_FIELDS: Final = _Fields()


def parts_of(value: object) -> Iterator[object]:
    """Every dataclass inside a rule, itself included, in the order of the pack."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        names = _FIELDS[type(part)]
        if names is not None:
            yield part
            waiting.extend(getattr(part, name) for name in names)
        elif isinstance(part, tuple):
            waiting.extend(reversed(part))
        elif isinstance(part, Mapping):
            waiting.extend(reversed(tuple(part.values())))


def tells_time(part: object) -> bool:
    """Whether a part of a condition changes as time passes and the case ages: an age, a date against now."""
    return isinstance(part, Elapsed) or (isinstance(part, FactTest) and isinstance(part.operand, Present))
