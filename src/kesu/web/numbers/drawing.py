"""Sections of numbers as tables: every cell with the address of the list behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from kesu.queries.numbers.numbers_page import Breakdown, Counts, Line, Section
from kesu.web.numbers import words
from kesu.web.numbers.periods import Chosen
from kesu.web.numbers.words import Measure
from kesu.web.slices import Days

_TENTHS: Final = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is the number as printed; `url` the list behind it (a share has none); `share` in per cent of the bar."""

    text: str
    measure: Measure
    url: str = ""
    share: int | None = None
    is_zero: bool = False


@dataclass(frozen=True, slots=True)
class RowPart:
    label: str
    cells: tuple[Cell, ...]
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class GroupPart:
    """One dimension with its lines."""

    title: str
    rows: tuple[RowPart, ...]
    is_levels: bool = False


@dataclass(frozen=True, slots=True)
class TilePart:
    """One large figure. `change` compares it: +3, -2.1 points, or empty where there was nothing before."""

    label: str
    text: str
    url: str
    change: str = ""
    direction: str = ""
    foot: tuple[Cell, ...] = ()
    share: int | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class SectionPart:
    """`heads`: the columns about cases, those about duties. `groups` share them; `departments` have their own."""

    section: Section
    cases: tuple[Measure, ...]
    duties: tuple[Measure, ...]
    owned: tuple[Measure, ...]
    total: RowPart
    groups: tuple[GroupPart, ...]
    departments: GroupPart | None
    tiles: tuple[TilePart, ...]


def draw(section: Section, chosen: Chosen) -> SectionPart:
    cases = words.of_cases(is_running=chosen.is_running)
    columns = (*cases, *words.OF_DUTIES)
    addresses = _Addresses(section, chosen.days)
    groups = [_group(one, columns, addresses) for one in section.breakdowns if one.by != _DEPARTMENT]
    owned = [_group(one, words.OF_DEPARTMENTS, addresses) for one in section.breakdowns if one.by == _DEPARTMENT]
    return SectionPart(
        section=section,
        cases=cases,
        duties=words.OF_DUTIES,
        owned=words.OF_DEPARTMENTS,
        total=RowPart("", tuple(_cells(section.totals, columns, addresses, {}))),
        groups=tuple(groups),
        departments=owned[0] if owned else None,
        tiles=tuple(_tiles(section, addresses)),
    )


_DEPARTMENT: Final = "department"


def per_cent(part: int, whole: int) -> float | None:
    """97.4; None of nothing. Rounded to tenths, halves up."""
    return (part * _TENTHS * 2 + whole) // (2 * whole) / 10 if whole else None


class _Addresses:
    """The list behind a measure: what every address of a section says, and what the measure adds."""

    def __init__(self, section: Section, days: Days) -> None:
        self._own = {"kind": section.kind, "pack": section.pack}
        self._says = {
            "received": {"state": "", "received": days.text},
            "closed": {"state": "", "closed": days.text},
            "closed_in_time": {"state": "", "closed": days.text, "in_time": "yes"},
            "left": {"state": "", "left": days.last.isoformat()},
            "open": {"state": "open"},
            "overdue": {"state": "open", "due": "overdue"},
            **{name: {"duties": days.text, "outcome": name} for name in ("due", "in_time", "late", "missed")},
            "pending": {"outcome": "pending"},
            "overrun": {"outcome": "overrun"},
        }
        self._holder_slot = section.holder_slot

    def of(self, measure: Measure, line: Mapping[str, str]) -> str:
        says = {**self._own, **line, **self._says[measure.code]}
        if measure.outcome and "holder" in line:
            says["slot"] = self._holder_slot
        return f"{reverse('numbers-duties' if measure.outcome else 'case-list')}?{urlencode(says)}"


def _group(one: Breakdown, columns: Sequence[Measure], addresses: _Addresses) -> GroupPart:
    rows = (
        RowPart(words.label(one, line), tuple(_cells(line.counts, columns, addresses, _says(one, line))), line.rank)
        for line in one.lines
    )
    return GroupPart(words.title(one), tuple(rows), is_levels=any(line.rank for line in one.lines))


def _says(one: Breakdown, line: Line) -> dict[str, str]:
    """How an address names one line."""
    says = {f"fact.{one.code}" if one.code else one.by: line.value}
    return says | {"slot": line.slot} if line.slot else says


def _cells(
    counts: Counts, columns: Sequence[Measure], addresses: _Addresses, line: Mapping[str, str]
) -> Iterator[Cell]:
    for measure in columns:
        count = counts.get(measure.code, 0)
        if measure.of:
            share = per_cent(count, counts.get(measure.of, 0))
            text = "–" if share is None else f"{share:.1f}%"
            yield Cell(text, measure, share=None if share is None else int(share), is_zero=share is None)
        else:
            yield Cell(f"{count:,}", measure, addresses.of(measure, line), is_zero=not count)


def _tiles(section: Section, addresses: _Addresses) -> Iterator[TilePart]:
    now, before = section.totals, section.before
    for measure, parts in (
        (words.RECEIVED, ()),
        (words.CLOSED, (words.CLOSED_IN_TIME, words.CLOSED_SHARE)),
        (words.OPEN, (words.OVERDUE,)),
    ):
        count = now.get(measure.code, 0)
        is_now = measure is words.OPEN
        change, direction = ("", "") if is_now else _change(count, before.get(measure.code, 0), "d")
        yield TilePart(
            str(measure.label),
            f"{count:,}",
            addresses.of(measure, {}),
            change,
            direction,
            tuple(_cells(now, parts, addresses, {})),
            int(per_cent(now.get(parts[0].code, 0), count) or 0) if parts else None,
            is_over=is_now,
        )
    share, earlier = (per_cent(one.get("in_time", 0), one.get("due", 0)) for one in (now, before))
    change, direction = ("", "") if share is None or earlier is None else _change(share, earlier, ".1f")
    yield TilePart(
        str(words.SHARE.label),
        "–" if share is None else f"{share:.1f}%",
        addresses.of(words.DUE, {}),
        change,
        direction,
        tuple(_cells(now, (words.DUE, words.IN_TIME, words.LATE, words.MISSED), addresses, {})),
        None if share is None else int(share),
    )


def _change(now: float, before: float, digits: str) -> tuple[str, str]:
    """+3 and up."""
    by = now - before
    direction = "up" if by > 0 else "down" if by < 0 else ""
    return f"{by:+{digits}}".replace("-", "−"), direction
