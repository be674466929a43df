"""Rows that somebody brings in from a file, how their dates are read, and what is wrong with which of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from kesu.core.codes import half_width
from kesu.core.errors import Refused, Unacceptable

_DAY: Final = re.compile(r"(\d{4}) ?(?:([-/.])(\d{1,2})\2(\d{1,2})|年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日?)", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}", re.ASCII)
_FIRST_DAY: Final = date(1899, 12, 30)
_YEARS: Final = range(1950, 2101)


def read_day(text: str) -> date | None:
    """A day as people write it: 2026-06-08, 2026/6/8, 2026.6.8, 2026年6月8日, in figures of either width; and 46181, as
    a spreadsheet counts days where a cell lost its format. None for anything else, and for years before 1950 or after
    2100."""
    plain = half_width(text)
    if _SERIAL.fullmatch(plain):
        on = _FIRST_DAY + timedelta(days=int(plain))
        return on if on.year in _YEARS else None
    found = _DAY.fullmatch(plain)
    if found is None:
        return None
    year, _mark, month, day, named_month, named_day = found.groups()
    try:
        on = date(int(year), int(month or named_month), int(day or named_day))
    except ValueError:
        return None
    return on if on.year in _YEARS else None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: `number` as the spreadsheet counts; texts by the code of their column, trimmed."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One row as somebody would have filled a form: `number` as the spreadsheet counts; `happened_at`: when it was
    said; texts by the names of the form's parts; `text`: the row as it stood, by which it is known when it comes
    again."""

    number: int
    happened_at: datetime
    given: Mapping[str, tuple[str, ...]]
    text: str


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A row, and why what it says was not taken."""

    number: int
    refused: Refused


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: the code of a reason, as forms have them. `known`: the code of what is there already,
    where that is the reason."""

    sheet: str
    number: int
    column: str
    value: str
    reason: str
    known: str = ""


@dataclass(slots=True)
class Faults:
    """Everything that is wrong, so that it can be put right in one go. `sheets`: in the order of the book."""

    sheets: Sequence[str]
    found: list[Fault] = field(default_factory=list)

    def add(self, line: Line, column: str, reason: str, known: str = "") -> None:
        self.found.append(Fault(line.sheet, line.number, column, line[column], reason, known))

    def raise_any(self) -> None:
        """Raises `Unacceptable` with `data["faults"]`, as the book has them."""
        if self.found:
            faults = sorted(self.found, key=lambda one: (self.sheets.index(one.sheet), one.number))
            raise Unacceptable("lines_wrong", data={"faults": tuple(faults), "fields": {}, "refusals": ()})
