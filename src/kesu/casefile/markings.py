"""Marks over a picture: what somebody points at. Never a changed file: shapes in thousandths of its width and height,
which are drawn over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from kesu.core.errors import Unacceptable

BOX, ARROW, WORDS = "box", "arrow", "words"
MOST_SHAPES: Final = 30
MOST_SIGNS: Final = 60
"""Of the words of one mark."""
_FULL: Final = 1000
_PLACES: Final = {BOX: ("x", "y", "x2", "y2"), ARROW: ("x", "y", "x2", "y2"), WORDS: ("x", "y")}

Shape = Mapping[str, Any]


def read_shapes(text: str) -> tuple[Shape, ...]:
    """What a page sends: a JSON list of ``{"kind", "x", "y", "x2", "y2", "text"}``. Raises `Unacceptable` for anything
    else, for none and for too many."""
    try:
        given = json.loads(text)
        shapes = tuple(_shape(one) for one in given) if isinstance(given, list) else ()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        shapes = ()
    if not 0 < len(shapes) <= MOST_SHAPES:
        reason = "marks_missing" if not shapes else "marks_too_many"
        raise Unacceptable(reason, data={"fields": {"shapes": reason}, "refusals": ()})
    return shapes


def _shape(given: Mapping[str, Any]) -> Shape:
    """Raises `ValueError` for what is no shape."""
    kind = given["kind"]
    places = {name: given[name] for name in _PLACES[kind]}
    words = " ".join(str(given.get("text", "")).split())
    if not all(type(one) is int and 0 <= one <= _FULL for one in places.values()):
        raise ValueError(places)
    if len(words) > MOST_SIGNS or "\x00" in words or (kind == WORDS and not words):
        raise ValueError(words)
    return {"kind": kind, **places, **({"text": words} if words else {})}
