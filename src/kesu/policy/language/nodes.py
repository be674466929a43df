"""The tree of a pack text: texts, lists and maps that know where they stand. No scalar is anything but text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

DEEPEST: Final = 40
"""How many maps and lists may lie in each other. No rule needs a quarter of it; readers call themselves."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: file as shown to people, line and column from 1."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    value: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Seq:
    items: tuple[Node, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value; `spot` is the key's place."""

    node: Node
    spot: Spot


@dataclass(frozen=True, slots=True)
class Map:
    spot: Spot
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def get(self, key: str) -> Node | None:
        entry = self.entries.get(key)
        return None if entry is None else entry.node

    def map(self, key: str) -> Map:
        """The map under `key`; an empty one where there is none or something else stands there."""
        node = self.get(key)
        return node if isinstance(node, Map) else Map(self.spot)

    def text(self, key: str) -> str | None:
        node = self.get(key)
        return node.value if isinstance(node, Text) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """The text or the list of texts under `key`; what is no text is left out."""
        node = self.get(key)
        items = node.items if isinstance(node, Seq) else () if node is None else (node,)
        return tuple(item.value for item in items if isinstance(item, Text))

    def with_entries(self, changes: Mapping[str, Entry]) -> Map:
        return Map(self.spot, {**self.entries, **changes})

    def without(self, *keys: str) -> Map:
        return Map(self.spot, {key: entry for key, entry in self.entries.items() if key not in keys})


Node = Text | Seq | Map
Plain = str | list["Plain"] | dict[str, "Plain"]


def plain(node: Node) -> Plain:
    """The tree without places, as JSON can hold it."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Seq):
        return [plain(item) for item in node.items]
    return {key: plain(entry.node) for key, entry in node.entries.items()}


def placed(value: object, spot: Spot, depth: int = 0) -> Node:
    """The opposite of `plain`: everything stands at `spot`. Raises `ValueError` for anything but text, list and map."""
    if depth > DEEPEST + 3:  # the canonical text wraps each kind three times
        raise ValueError("too deep")
    if isinstance(value, str):
        return Text(value, spot)
    if isinstance(value, list):
        return Seq(tuple(placed(item, spot, depth + 1) for item in value), spot)
    if isinstance(value, dict):
        return Map(spot, {str(key): Entry(placed(item, spot, depth + 1), spot) for key, item in value.items()})
    raise ValueError(f"unexpected {type(value).__name__}")
