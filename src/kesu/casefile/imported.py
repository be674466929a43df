"""Lines of a file that brings in rooms and customers, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kesu.core.errors import Unacceptable
from kesu.core.importing import Line

ROOMS = "rooms"
CUSTOMERS = "customers"
_TOLD_EVERY: Final = 500


@dataclass(frozen=True, slots=True)
class Wrong:
    """`reason`: a code, as forms have it. Never a value: what is wrong with a telephone is said without it."""

    sheet: str
    line: int
    column: str
    reason: str


def told_of(lines: Sequence[Line], tell: Callable[[int], None]) -> Iterator[Line]:
    """The lines one by one; `tell` hears now and then how many are through."""
    for done, line in enumerate(lines):
        if done % _TOLD_EVERY == 0:
            tell(done)
        yield line


def wrong_of(sheet: str, line: Line, refused: Unacceptable) -> list[Wrong]:
    return [Wrong(sheet, line.number, column, reason) for column, reason in refused.data["fields"].items()]
