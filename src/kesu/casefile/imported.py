"""Lines of a file that brings in rooms and customers, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.core.errors import Unacceptable
from kesu.core.importing import Line

ROOMS = "rooms"
CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Wrong:
    """`reason`: a code, as forms have it. Never a value: what is wrong with a telephone is said without it."""

    sheet: str
    line: int
    column: str
    reason: str


def wrong_of(sheet: str, line: Line, refused: Unacceptable) -> list[Wrong]:
    return [Wrong(sheet, line.number, column, reason) for column, reason in refused.data["fields"].items()]
