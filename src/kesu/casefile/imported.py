"""Lines of a file that brings in rooms and customers, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kesu.core.errors import Unacceptable
from kesu.core.importing import Line
from kesu.core.masking import masked_name, masked_phone

ROOMS = "rooms"
CUSTOMERS = "customers"
_TOLD_EVERY: Final = 500
_LONGEST: Final = 60
_PLAIN: Final = {"kind", "project", "building", "entrance", "number", "sex"}
_MASKED: Final[Mapping[str, Callable[[str], str]]] = {"name": masked_name, "phones": masked_phone}


@dataclass(frozen=True, slots=True)
class Wrong:
    """`reason`: a code, as forms have it. `value`: what stands there, of telephones and names only what a mask leaves,
    and nothing of other personal data: the result of an import is kept readable."""

    sheet: str
    line: int
    column: str
    reason: str
    value: str = ""

    @classmethod
    def of(cls, sheet: str, line: Line, column: str, reason: str) -> Wrong:
        return cls(sheet, line.number, column, reason, _readable(sheet, column, line[column])[:_LONGEST])


def _readable(sheet: str, column: str, text: str) -> str:
    if sheet == ROOMS or column in _PLAIN:
        return text
    mask = _MASKED.get(column)
    return mask(text) if mask else ""


def told_of(lines: Sequence[Line], tell: Callable[[int], None]) -> Iterator[Line]:
    """The lines one by one; `tell` hears now and then how many are through."""
    for done, line in enumerate(lines):
        if done % _TOLD_EVERY == 0:
            tell(done)
        yield line


def wrong_of(sheet: str, line: Line, refused: Unacceptable) -> list[Wrong]:
    return [Wrong.of(sheet, line, column, reason) for column, reason in refused.data["fields"].items()]
