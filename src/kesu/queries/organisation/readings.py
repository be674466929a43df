"""Who read personal data, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.readings import Reading, readings, told
from kesu.core.pages import leaf

_PAGE: Final = 50
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class ReadingLog:
    """`total` is at most `MOST`."""

    lines: tuple[Reading, ...]
    total: int
    page: int
    pages: int


def reading_log(*, actor: Actor, text: str = "", page: int = 1, size: int = _PAGE) -> ReadingLog:
    """`text`: part of the name of who looked, or the number of a case. Four queries. Raises `Forbidden`."""
    actor.require(Permission.CHANGES_READ)
    found = readings(text)
    total = found[:MOST].count()
    shown = leaf(total, size, page)
    return ReadingLog(told(list(found[shown.rows])), total, shown.number, shown.pages)
