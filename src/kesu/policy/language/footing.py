"""Rules that stand under no clause: those of a common pack that find no ground in one that extends it, and those by
which a company fills what its document lacks."""

from __future__ import annotations

from typing import Final

from kesu.policy.language.nodes import Entry, Map, Node, Seq, Text
from kesu.policy.model.rules import GENERIC

_OF_LEVELS: Final = "level."


def without_idle_notices(kind: Map, inherited: Map) -> Map:
    """The kind without inherited notices of levels, where it has none: nothing could ever send them. What the pack
    writes itself stays, and its words are checked."""
    if "levels" in kind.entries:
        return kind
    notices, taken_over = kind.map("notices"), inherited.map("notices").entries
    idle = [
        code for code, entry in notices.entries.items() if taken_over.get(code) is entry and _waits_for_levels(entry)
    ]
    if not idle:
        return kind
    return kind.with_entries({"notices": Entry(notices.without(*idle), kind.entries["notices"].spot)})


def _waits_for_levels(notice: Entry) -> bool:
    starts = notice.node.get("starts") if isinstance(notice.node, Map) else None
    words = [_word(item) for item in (starts.items if isinstance(starts, Seq) else (starts,))]
    return bool(words) and all(word.startswith(_OF_LEVELS) for word in words)


def _word(moment: Node | None) -> str:
    if isinstance(moment, Map):
        return moment.text("event") or ""
    return moment.value if isinstance(moment, Text) else ""


def unwritten_in(kind: Map) -> frozenset[str]:
    """The addresses of a pack's own rules without a clause: they say what is unclear, the common ones do not."""
    sections = {name: entry.node for name, entry in kind.entries.items() if isinstance(entry.node, Map)}
    return frozenset(
        f"{section}.{code}"
        for section, rules in sections.items()
        for code, entry in rules.entries.items()
        if isinstance(entry.node, Map) and entry.node.texts("clause") == (GENERIC,) and entry.node.text("unclear")
    )
