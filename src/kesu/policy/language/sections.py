"""Sections: maps of rules keyed by code. A rule that cannot be read at all is noted and left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Flaw, Place, Scope, note_bad_code

T = TypeVar("T")

COMMON: Final = ("name", "clause", "unclear", "reading", "note")
"""Fields that every rule may have."""


def read_section(
    kind: Map, section: str, scope: Scope, read: Callable[[Place, Scope], T], *, keyed_by_event: bool = False
) -> dict[str, T]:
    """Every rule of `section`, in the order of the pack. `read` finds the code in the place's `key`."""
    if section not in kind.entries:
        return {}
    found: dict[str, T] = {}
    try:
        places = Place(kind, "").child(section).codes()
    except Flaw as flaw:
        scope.note(flaw)
        return {}
    for place in places:
        note_bad_code(place, scope, is_event=keyed_by_event)
        try:
            found[place.key] = read(place, scope)
        except Flaw as flaw:
            scope.note(flaw)
    return found
