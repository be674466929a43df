"""Values of a choice in levels, written as maps in maps: ``{房屋质量: {渗漏: [屋面, 外墙], 开裂: []}, 服务: []}``.

A name with nothing below it is what may be chosen: an empty list, or the clause under which it stands. The last level
may be a list. A parameter may hold the same, or a list of paths, which is how a company answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kesu.policy.language.nodes import Entry, Map, Node, Seq, Spot, Text
from kesu.policy.model.pack import TREE as TREE
from kesu.policy.model.trees import BELOW, leaves, nodes_of


@dataclass(frozen=True, slots=True)
class Written:
    """One name of the tree, with where it stands; `node`: what stands below it, or its clause."""

    path: str
    name: str
    node: Node
    spot: Spot

    @property
    def clause(self) -> str:
        return self.node.value if isinstance(self.node, Text) and self.node.value != self.name else ""


def is_tree(node: Node | None) -> bool:
    """Whether values stand in levels: a map of which something is a map or a list itself."""
    return (
        isinstance(node, Map)
        and tuple(node.entries) != ("param",)
        and any(not isinstance(entry.node, Text) for entry in node.entries.values())
    )


def paths_of(node: Node | None, *, inner: bool) -> tuple[str, ...]:
    """What may be chosen of a tree, as its files have it; `inner`: also what has something below it."""
    every = nodes_of(one.path for one in walk(node)) if node is not None else ()
    return every if inner else leaves(every)


def walk(node: Node, over: str = "") -> Iterator[Written]:
    """Every name of a tree, each before what lies below it."""
    if isinstance(node, Map):
        for name, entry in node.entries.items():
            yield Written(over + name, name, entry.node, entry.spot)
            if not isinstance(entry.node, Text):
                yield from walk(entry.node, over + name + BELOW)
    for item in node.items if isinstance(node, Seq) else ():
        if isinstance(item, Text):
            yield Written(over + item.value, item.value, item, item.spot)
        else:
            yield from walk(item, over)


def grown(old: Node, more: Node) -> Node:
    """The tree with what an overlay adds below the names it has, and beside them."""
    if not isinstance(old, Map) or not isinstance(more, Map):
        had = _named(old)
        return Map(old.spot, {**had, **{name: entry for name, entry in _named(more).items() if name not in had}})
    entries = dict(old.entries)
    for name, entry in more.entries.items():
        below = entries.get(name)
        entries[name] = entry if below is None else Entry(grown(below.node, entry.node), below.spot)
    return Map(old.spot, entries)


def _named(node: Node) -> dict[str, Entry]:
    if isinstance(node, Map):
        return dict(node.entries)
    items = node.items if isinstance(node, Seq) else ()
    return {item.value: Entry(Seq((), item.spot), item.spot) for item in items if isinstance(item, Text)}
