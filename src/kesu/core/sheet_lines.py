"""A line of a spreadsheet as an edge hands it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`number` as the sheet counts, from 1; `given`: texts by the code of their column, empty ones left out."""

    number: int
    given: Mapping[str, str]
