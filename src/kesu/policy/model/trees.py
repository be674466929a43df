"""Values in levels: a value is the path from the widest class to the finest, as ``房屋质量/渗漏/屋面``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

BELOW: Final = "/"


def is_within(value: str, node: str) -> bool:
    """Whether it is the node itself or lies anywhere below it."""
    return value == node or value.startswith(node + BELOW)


def above(path: str) -> str:
    """The node one level up; empty at the top."""
    return path.rpartition(BELOW)[0]


def depth(path: str) -> int:
    """0 at the top."""
    return path.count(BELOW)


def last(path: str) -> str:
    """What the node itself is called."""
    return path.rpartition(BELOW)[2]


def nodes_of(values: Iterable[str]) -> tuple[str, ...]:
    """Every node on the way to one of the values, they themselves included, each above what lies below it."""
    found: dict[str, None] = {}
    for value in values:
        found.update(dict.fromkeys((*_over(value), value)))
    return tuple(found)


def children(nodes: Iterable[str], of: str) -> tuple[str, ...]:
    """The nodes one level below `of`; those at the top where it is empty."""
    return tuple(node for node in nodes if above(node) == of)


def in_order(values: Iterable[str]) -> tuple[str, ...]:
    """Every node, each followed by what lies below it, whatever order the values come in."""
    return tuple(_below(nodes_of(values), ""))


def _below(nodes: tuple[str, ...], of: str) -> Iterator[str]:
    for node in children(nodes, of):
        yield node
        yield from _below(nodes, node)


def leaves(values: Iterable[str]) -> tuple[str, ...]:
    """Those below which there is none."""
    own = tuple(values)
    inner = {node for value in own for node in _over(value)}
    return tuple(value for value in own if value not in inner)


def told(values: Iterable[str]) -> str:
    """The tree in one line: ``房屋质量（渗漏（屋面、外墙）、开裂）、服务``."""
    return _told(nodes_of(values), "")


def _told(nodes: tuple[str, ...], of: str) -> str:
    parts = []
    for node in children(nodes, of):
        below = _told(nodes, node)
        parts.append(f"{last(node)}（{below}）" if below else last(node))
    return "、".join(parts)


def _over(value: str) -> Iterator[str]:
    parts = value.split(BELOW)
    yield from (BELOW.join(parts[:end]) for end in range(1, len(parts)))
