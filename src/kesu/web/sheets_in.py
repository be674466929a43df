"""Spreadsheets that people send in: hostile bytes until they are rows of text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from kesu.core.errors import Unacceptable
from kesu.core.importing import Line

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    Sent = UploadedFile[bytes]

MOST_BYTES: Final = 20 * 1024 * 1024
_MOST_UNPACKED: Final = 400 * 1024 * 1024
_MOST_ROWS: Final = 200_000
_HEAD_WITHIN: Final = 10
_LONGEST: Final = 2_000

Columns = Mapping[str, Sequence[str]]
"""Code of a column and the names by which its head may call it."""


def read_book(
    sent: Sent | None,
    wanted: Mapping[str, tuple[Sequence[str], Columns]],
    needed: Mapping[str, Collection[str]] | None = None,
) -> dict[str, list[Line]]:
    """Rows by the code of the sheet. `wanted`: code, the names that the sheet may have, its columns (one alone may be
    called anything: it is the first); `needed`: those that must be there, all where it says nothing of the sheet. A
    sheet that is not there has no rows; columns that are not asked for are passed over. Raises `Unacceptable` with the
    field `file` for what is no spreadsheet, is too large, or lacks columns."""
    if sent is None or not sent.size:
        raise _wrong("file_missing")
    if sent.size > MOST_BYTES:
        raise _wrong("file_too_large")
    book = _opened(sent.read())
    names = {name.strip(): name for name in book.sheet_names}
    found: dict[str, list[Line]] = {}
    for code, (called, columns) in wanted.items():
        otherwise = book.sheet_names[0] if len(wanted) == 1 and book.sheet_names else None
        name = next((names[one] for one in called if one in names), otherwise)
        must = set((needed or {}).get(code, columns))
        found[code] = [] if name is None else _lines(code, book.get_sheet_by_name(name).to_python(), columns, must)
    if not any(found.values()):
        raise _wrong("book_empty")
    return found


def _opened(content: bytes) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise _wrong("file_unpacked")
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError, EOFError, NotImplementedError) as broken:
        raise _wrong("book_unreadable") from broken


def _lines(sheet: str, rows: list[list[Any]], columns: Columns, must: set[str]) -> list[Line]:
    if len(rows) > _MOST_ROWS:
        raise _wrong("book_too_long")
    called = {name: code for code, names in columns.items() for name in names}
    for at, row in enumerate(rows[:_HEAD_WITHIN]):
        places = {called[text]: place for place, cell in enumerate(row) if (text := _text(cell)) in called}
        if places.keys() >= must:
            return list(_below(sheet, rows, at, places))
    raise _wrong("columns_missing")


def _below(sheet: str, rows: list[list[Any]], head: int, places: Mapping[str, int]) -> Iterator[Line]:
    for at in range(head + 1, len(rows)):
        row = rows[at]
        cells = {code: _text(row[place]) if place < len(row) else "" for code, place in places.items()}
        if any(cells.values()):
            yield Line(sheet, at + 1, cells)


def _text(cell: Any) -> str:
    """As somebody reads it: whole numbers without a point, days as days."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        is_day = cell.hour == cell.minute == cell.second == 0
        return cell.date().isoformat() if is_day else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\x00", "").strip()[:_LONGEST]


def _wrong(reason: str) -> Unacceptable:
    return Unacceptable(reason, data={"fields": {"file": reason}, "refusals": ()})
