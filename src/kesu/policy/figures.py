"""Every figure of a kind moved by its smallest unit, one at a time: a scenario that stands on the boundary notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from kesu.policy.calendar import Duration, Measure, Unit
from kesu.policy.model.conditions import Comparison, FactTest
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.schedule import Due

_SECTIONS: Final = ("facts", "levels", "steps", "guards", "approvals", "duties", "schedule")
_COMPARED: Final = frozenset({Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.ABOVE, Comparison.BELOW})
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Nudge:
    """One figure moved. `address` is where it stands, `move` what became of it: ``3个工作日→4个工作日``."""

    address: str
    move: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.address} {self.move}"


def nudges(kind: Kind) -> Iterator[Nudge]:
    """The kind with each figure one smaller and one larger: lengths in their own unit, counts by one, money by a cent.

    Shares of reminders are left out: they are customs of the office, not figures of the document."""
    for section in _SECTIONS:
        for address, move, changed in _moved(getattr(kind, section), section):
            yield Nudge(address, move, replace(kind, **{section: changed}))


def _moved(node: Any, address: str) -> Iterator[tuple[str, str, Any]]:
    """Copies of a part of the kind with one figure moved, with where and how."""
    if isinstance(node, Duration):
        yield from ((address, f"{node}→{length}", length) for length in _other_lengths(node))
    elif isinstance(node, FactTest):
        for value in _other_values(node):
            yield f"{address}.{node.fact}", f"{node.operand}→{value}", replace(node, operand=value)
    else:
        if isinstance(node, Due):
            yield from _other_days(node, address)
        for key, child, rebuilt in _parts(node):
            yield from ((where, move, rebuilt(changed)) for where, move, changed in _moved(child, address + key))


def _other_days(due: Due, address: str) -> Iterator[tuple[str, str, Due]]:
    for name in ("weekday", "month", "day"):
        figure = getattr(due, name)
        if figure is not None:
            for other in (figure - 1, figure + 1):
                yield f"{address}.{name}", f"{figure}→{other}", replace(due, **{name: other})
    if due.at is not None:
        for other in (
            due.at.replace(minute=(due.at.minute + 59) % 60),
            due.at.replace(minute=(due.at.minute + 1) % 60),
        ):
            yield f"{address}.time", f"{due.at:%H:%M}→{other:%H:%M}", replace(due, at=other)


def _parts(node: Any) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """What a node is made of: the tail of its address, the part, and how to build the node with another part."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield f".{key}", child, partial(_with_entry, node, key)
    elif isinstance(node, tuple):
        for index, child in enumerate(node):
            yield f"[{index + 1}]", child, partial(_with_item, node, index)
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            yield f".{field.name}", getattr(node, field.name), partial(_with_field, node, field.name)


def _with_entry(node: Mapping[str, Any], key: str, changed: Any) -> dict[str, Any]:
    return {**node, key: changed}


def _with_item(node: tuple[Any, ...], index: int, changed: Any) -> tuple[Any, ...]:
    return (*node[:index], changed, *node[index + 1 :])


def _with_field(node: Any, name: str, changed: Any) -> Any:
    return replace(node, **{name: changed})


def _other_lengths(length: Duration) -> Iterator[Duration]:
    if length.unit is Unit.HALF_MONTH:
        yield Duration(14, Unit.DAY)
        yield Duration(16, Unit.DAY)
    elif length.measure is not Measure.FIXED:
        least = 0 if length.unit in {Unit.MINUTE, Unit.HOUR, Unit.WORK_HOUR} else 1
        if length.amount > least:
            yield Duration(length.amount - 1, length.unit)
        yield Duration(length.amount + 1, length.unit)


def _other_values(test: FactTest) -> Iterator[Value]:
    value = test.operand
    if test.comparison not in _COMPARED:
        return
    if isinstance(value, int) and not isinstance(value, bool):
        yield value - 1
        yield value + 1
    elif isinstance(value, Decimal):
        yield value - _CENT
        yield value + _CENT
