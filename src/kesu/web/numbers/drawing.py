"""Sections of numbers as tables: every cell with the address of the list behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from kesu.access.measures import UNSET
from kesu.policy.model.trees import above, is_within
from kesu.queries.numbers.numbers_page import Breakdown, Counts, Line, Numbers, Section
from kesu.web.numbers import words
from kesu.web.numbers.periods import Chosen
from kesu.web.numbers.words import Measure
from kesu.web.slices import FACT, HELD, MEANT, UNDER

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
    """`depth` and `opens` of values in levels: how far in it stands, and the address at which what lies below it is
    shown, or no longer (`is_open`); empty where nothing lies below."""

    label: str
    cells: tuple[Cell, ...]
    rank: int | None = None
    depth: int = 0
    opens: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class GroupPart:
    """One dimension with its lines."""

    title: str
    rows: tuple[RowPart, ...]
    is_levels: bool = False
    anchor: str = ""


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


OPENED: Final = "open."
"""In an address: the node of a fact whose values stand in levels down to which they are shown."""


def draw(section: Section, chosen: Chosen, opened: Mapping[str, str] | None = None) -> SectionPart:
    """`opened`: by code of a fact, the node that is open."""
    cases = words.of_cases(is_running=chosen.is_running)
    columns = (*cases, *words.OF_DUTIES)
    own = {"kind": section.kind, "pack": section.pack}
    addresses = _Addresses(own, chosen, opened or {}, section.holder_slot)
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


def draw_shared(found: Numbers, chosen: Chosen) -> tuple[GroupPart, ...]:
    """Over all kinds, by what their policies say in words that all share."""
    columns = (*words.of_cases(is_running=chosen.is_running), *words.OF_DUTIES)
    return tuple(_group(one, columns, _Addresses({}, chosen)) for one in found.shared)


_DEPARTMENT: Final = "department"


def per_cent(part: int, whole: int) -> float | None:
    """97.4; None of nothing. Rounded to tenths, halves up."""
    return (part * _TENTHS * 2 + whole) // (2 * whole) / 10 if whole else None


class _Addresses:
    """The list behind a measure: what every address of a section says, and what the measure adds."""

    def __init__(
        self, own: Mapping[str, str], chosen: Chosen, opened: Mapping[str, str] = MappingProxyType({}), slot: str = ""
    ) -> None:
        """`own`: what every one of them says; `slot`: the one that handles the cases."""
        days = chosen.days
        self._page = {**chosen.query, **own}
        self.opened = opened
        self._own = own
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
        self._holder_slot = slot

    def with_open(self, code: str, node: str) -> str:
        """The page itself with this node of a fact open, what else is open staying so."""
        opened = {**self.opened, code: node}
        says = {**self._page, **{f"{OPENED}{one}": way for one, way in opened.items() if way}}
        return f"{reverse('numbers')}?{urlencode(says)}#by-{code}"

    def of(self, measure: Measure, line: Mapping[str, str]) -> str:
        says = {**self._own, **line, **self._says[measure.code]}
        if measure.outcome and "holder" in line:
            says["slot"] = self._holder_slot
        return f"{reverse('numbers-duties' if measure.outcome else 'case-list')}?{urlencode(says)}"


def _group(one: Breakdown, columns: Sequence[Measure], addresses: _Addresses) -> GroupPart:
    opened = addresses.opened.get(one.code, "")
    inner = {above(line.value) for line in one.lines} if one.is_tree else set()
    rows = []
    for line in one.lines:
        if line.depth and not is_within(opened, above(line.value)):
            continue
        is_open = bool(opened) and is_within(opened, line.value)
        way = addresses.with_open(one.code, above(line.value) if is_open else line.value)
        cells = tuple(_cells(line.counts, columns, addresses, _says(one, line)))
        opens = way if line.value in inner else ""
        rows.append(RowPart(words.label(one, line), cells, line.rank, line.depth, opens, is_open))
    is_levels = any(line.rank for line in one.lines)
    return GroupPart(words.title(one), tuple(rows), is_levels, f"by-{one.code}" if one.is_tree else "")


def _says(one: Breakdown, line: Line) -> dict[str, str]:
    """How an address names one line."""
    if one.by == "meaning":
        return {f"{MEANT}{one.code}": line.value}
    prefix = UNDER if one.is_tree else HELD if one.is_set and line.value != UNSET else FACT
    says = {f"{prefix}{one.code}" if one.code else one.by: line.value}
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
