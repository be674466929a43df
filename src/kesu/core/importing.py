"""Rows that somebody brings in from a file, and what is wrong with which of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kesu.core.errors import Unacceptable


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: `number` as the spreadsheet counts; texts by the code of their column, trimmed."""

    sheet: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: the code of a reason, as forms have them."""

    sheet: str
    number: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Faults:
    """Everything that is wrong, so that it can be put right in one go."""

    found: list[Fault] = field(default_factory=list)

    def add(self, line: Line, column: str, reason: str) -> None:
        self.found.append(Fault(line.sheet, line.number, column, line[column], reason))

    def raise_any(self) -> None:
        """Raises `Unacceptable` with `data["faults"]`, by line."""
        if self.found:
            faults: Sequence[Fault] = sorted(self.found, key=lambda one: (one.sheet, one.number))
            raise Unacceptable("lines_wrong", data={"faults": tuple(faults), "fields": {}, "refusals": ()})
