"""The canonical text of a pack: the resolved tree as JSON without blanks, and its digest.

Keys keep the order of the pack and are not sorted: the order of stages, steps and facts is what people see, so two
packs that differ in it are two texts. Every scalar is text, as in the files.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Final

from kesu.policy.errors import Problem
from kesu.policy.language.nodes import Map, Spot, placed, plain
from kesu.policy.language.reading import YES

FORMAT: Final = "kesu-pack-2"
_FIRST: Final = "kesu-pack-1"
"""Written until levels stopped ageing with the end of the case. What was adopted then goes on meaning the same."""
_PLACE: Final = Spot("制度正本")


def canonical_text(tree: Map) -> str:
    document = {"format": FORMAT, **_as_dict(tree)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _as_dict(tree: Map) -> dict[str, object]:
    return {key: plain(entry.node) for key, entry in tree.entries.items()}


def digest_of(text: str) -> str:
    """SHA-256 of the UTF-8 text, in hex."""
    return sha256(text.encode()).hexdigest()


def read_canonical_tree(text: str, problems: list[Problem]) -> Map | None:
    """The tree of a canonical text; None, with a problem, where it is none."""
    try:
        document = json.loads(text)
        form = document.pop("format", None) if isinstance(document, dict) else None
        if form not in {FORMAT, _FIRST}:
            raise ValueError("format")
        if form == _FIRST:
            _let_levels_age(document)
        tree = placed(document, _PLACE)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        problems.append(
            Problem(_PLACE.file, 0, 0, "format", "这不是制度正本，或出自看不懂的版本。", f"应为 {FORMAT}。")
        )
        return None
    return tree if isinstance(tree, Map) else None


def _let_levels_age(document: dict[str, Any]) -> None:
    """In the first format the ages of levels went on after the end of the case."""
    for kind in document["kinds"].values():
        for rule in kind.get("levels", {}).get("rules", ()):
            if _tells_age(rule.get("when")):
                rule["survives"] = YES


def _tells_age(node: object) -> bool:
    if isinstance(node, dict):
        return "elapsed" in node or any(map(_tells_age, node.values()))
    return isinstance(node, list) and any(map(_tells_age, node))
