"""Everybody whom a case names, page by page: forty households, or two thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.sight.beside_steps import rights_of
from kesu.access.sight.contents import PersonLine, people_lines
from kesu.access.sight.reading import read_case, row_names
from kesu.access.sight.texts import read_texts
from kesu.core.pages import leaf

_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class PeopleList:
    """`rows`: what was said of one person at once, the person first; `total` of those that match. `unmasks`: whether
    the reader may ask for what is masked."""

    case_id: UUID
    number: str
    title: str
    unmasks: bool
    rows: tuple[tuple[PersonLine, ...], ...]
    total: int
    page: int
    pages: int


def people_list(*, actor: Actor, at: datetime, case_id: UUID, page: int, words: str) -> PeopleList:
    """In the order in which they were named, with what was said of each. `words`: only rows in which they stand, as
    the reader sees them: what is masked to him is not found either. Raises `NotFound` outside the scope."""
    read = read_case(actor, at, case_id)
    found: dict[int, list[PersonLine]] = {}
    for line in people_lines(read.kind, read.log, read_texts(read, row_names(read))):
        found.setdefault(line.seq, []).append(line)
    rows = [tuple(sorted(row, key=lambda line: not line.is_person)) for row in found.values()]
    rows = [row for row in rows if any(words in line.text for line in row)]
    shown = leaf(len(rows), _SIZE, page)
    return PeopleList(
        case_id=case_id,
        number=read.case.number,
        title=read.case.card.title,
        unmasks=rights_of(read).unmask,
        rows=tuple(rows[shown.rows]),
        total=len(rows),
        page=shown.number,
        pages=shown.pages,
    )
