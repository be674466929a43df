"""How a document is laid out on paper: sections of rows, rows of cells, and the tables of approvals between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class CellSource(StrEnum):
    """Where the words of a cell come from. The values are the keys of the language."""

    FACT = "fact"  # the present value
    EACH = "each"  # every time it was stated, with who and when
    CASE = "case"  # what the case is, in a word of `CASE_WORDS`
    TIME_OF = "time_of"  # when an event happened last
    DONE_BY = "done_by"  # who did it then
    BLANK = "blank"  # nothing: room for handwriting


class CaseWord(StrEnum):
    NUMBER = "number"
    PLACE = "place"
    RECEIVED_AT = "received_at"
    RECEIVED_BY = "received_by"
    HOLDER = "holder"
    LEVEL = "level"
    STAGE = "stage"
    FILES = "files"


class PersonPart(StrEnum):
    NAME = "name"
    PHONE = "phone"


CASE_WORDS: Final = {
    CaseWord.NUMBER: "编号",
    CaseWord.PLACE: "项目",
    CaseWord.RECEIVED_AT: "接报时间",
    CaseWord.RECEIVED_BY: "接收人",
    CaseWord.HOLDER: "承办人",
    CaseWord.LEVEL: "级别",
    CaseWord.STAGE: "阶段",
    CaseWord.FILES: "文件清单",
}
"""What a cell may say of the case itself, and how it is headed unless the pack says otherwise."""

MOST_CELLS: Final = 3
"""Cells of one row: more are too narrow on A4."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`code` is the fact, the event or the word of the case. `name` heads the cell; `lines` is the least height, in
    lines of text. `part` of a person: name or telephone alone."""

    source: CellSource
    code: str
    name: str
    lines: int = 1
    part: PersonPart | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows, or the signatures of approvals. A row of one cell takes the whole width."""

    title: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    approvals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """Prose to the customer. Every text may have {placeholders}: the facts of its document, those of `says` (which
    nobody has to fill: a paragraph about one that is unknown is left out), and `LETTER_WORDS`. `interim`: it tells of
    progress only, and may be handed over before a reply is approved."""

    subject: str
    dear: str
    text: tuple[str, ...]
    closing: str = ""
    says: tuple[str, ...] = ()
    interim: bool = False


LETTER_WORDS: Final = ("case", "place", "received", "day")
"""What a letter may say besides facts: the number, the project, the day of the report and its own day."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`says` stands above the signatures; `labels` head them, by slot."""

    sections: tuple[Section, ...]
    says: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
