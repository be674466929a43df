"""Which page of a list is shown, and which of its rows stand on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """`number` of `pages`, counted from 1. `rows`: where they stand in the whole list."""

    number: int
    pages: int
    rows: slice


def leaf(total: int, size: int, wanted: int) -> Leaf:
    """The page that is wanted, or the nearest there is; an empty list has one, too."""
    pages = max(1, -(-total // size))
    number = min(max(1, wanted), pages)
    return Leaf(number, pages, slice((number - 1) * size, number * size))
