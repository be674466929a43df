"""The clauses of an overlay under names that no other document has: those of the pack below keep theirs."""

from __future__ import annotations

from typing import Final

from kesu.policy.language.nodes import Entry, Map, Node, Seq, Text
from kesu.policy.model.rules import GENERIC

MERGED: Final = ("provided", "lost", "later")
"""The parts of a pack that speak of clauses, and that an overlay adds its own to."""


def renumbered(layer: Map, code: str) -> Map:
    """Clauses under their names beside another document, and with its title before the printed number."""
    title = layer.map("pack").text("title") or code
    clauses: dict[str, Entry] = {}
    for number, entry in layer.map("clauses").entries.items():
        node = entry.node
        if isinstance(node, Map):
            printed = Text(f"{title} {node.text('printed') or number}", node.spot)
            node = node.with_entries({"printed": entry_of(printed)})
        clauses[f"{code}-{number}"] = Entry(node, entry.spot)
    pack = _recited(layer.map("pack"), code)
    for part in MERGED:
        if part in pack.entries:
            renamed = {f"{code}-{number}": entry for number, entry in pack.map(part).entries.items()}
            pack = pack.with_entries({part: entry_of(Map(pack.map(part).spot, renamed))})
    return Map(
        layer.spot,
        {
            "pack": entry_of(pack),
            "clauses": entry_of(Map(layer.map("clauses").spot, clauses)),
            "kinds": entry_of(_recited(layer.map("kinds"), code)),
        },
    )


def _recited(node: Map, code: str) -> Map:
    return Map(
        node.spot, {key: Entry(_cited_anew(key, each.node, code), each.spot) for key, each in node.entries.items()}
    )


def _cited_anew(key: str, node: Node, code: str) -> Node:
    if key == "clause":
        return Seq(tuple(_named_anew(item, code) for item in items_of(node)), node.spot)
    if key == "values" and isinstance(node, Map):
        return node if tuple(node.entries) == ("param",) else _values_anew(node, code)
    if isinstance(node, Map):
        return _recited(node, code)
    if isinstance(node, Seq):
        return Seq(tuple(_cited_anew("", item, code) for item in node.items), node.spot)
    return node


def _values_anew(values: Map, code: str) -> Map:
    """Each value stands under its clause, on whatever level."""
    return Map(
        values.spot,
        {
            each: Entry(
                _values_anew(entry.node, code) if isinstance(entry.node, Map) else _named_anew(entry.node, code),
                entry.spot,
            )
            for each, entry in values.entries.items()
        },
    )


def _named_anew(node: Node, code: str) -> Node:
    return Text(f"{code}-{node.value}", node.spot) if isinstance(node, Text) and node.value != GENERIC else node


def items_of(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Seq) else () if node is None else (node,)


def entry_of(node: Node) -> Entry:
    return Entry(node, node.spot)
