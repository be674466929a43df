"""The part of reading a spreadsheet that its bytes may bring down: a process of its own with little memory and little
time, which ends without taking anybody else's request with it.

A few hundred bytes may say that a sheet is a million rows high and sixteen thousand columns wide, or that one long text
stands in every cell of it; the library reserves room for all of them at once, and aborts where there is none. Started
by `sheets_in`, which sends the bytes and reads rows of text.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MOST_MEMORY: Final = 2 * 1024**3
MOST_SECONDS: Final = 60
UNREADABLE: Final = 3
TOO_LONG: Final = 4
TOO_WIDE: Final = 5
"""How it ends where it is no spreadsheet, or has too many rows or columns; in any other way where it took too much."""
_MOST_ROWS: Final = 200_000
_MOST_COLUMNS: Final = 500
"""What stands further to the right is passed over, as columns are that nobody asked for."""
_MOST_CELLS: Final = 5_000_000
"""Of a sheet that goes further to the right than that: the library makes room for each cell before any is read."""
_LONGEST: Final = 2_000
_AT: Final = rb"[\"']([A-Z]{1,3})(\d{1,7})[\"']"
_FAR: Final = re.compile(rb"r=[\"'](?:[A-Z]{3}|[T-Z][A-Z]|S[G-Z])\d")
"""A cell beyond column 500 (SF)."""
_CELL: Final = re.compile(rb"r=" + _AT)
_CHUNK: Final = 1 << 20
_OVER: Final = 16


def main(wanted: Iterable[Iterable[str]], *, first: bool) -> None:
    """`wanted`: the names that each sheet may have; `first`: that the first one stands in for a sheet that has none of
    them. Writes rows of text for each, nothing where there is no such sheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    content = sys.stdin.buffer.read()
    try:
        _refuse_wide(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = {name.strip(): name for name in book.sheet_names}
        otherwise = book.sheet_names[0] if first and book.sheet_names else None
        called = [next((names[one] for one in may if one in names), otherwise) for may in wanted]
        sheets = [_rows(book.get_sheet_by_name(name)) if name is not None else None for name in called]
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as broken:
        raise SystemExit(UNREADABLE) from broken
    json.dump(sheets, sys.stdout)


def _refuse_wide(content: bytes) -> None:
    """Of the parts as they are packed, before the library makes a table of them."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if "worksheets/" in name and any(_FAR.search(part) for part in _chunks(packed, name)):
                cells = (cell for part in _chunks(packed, name) for cell in _CELL.findall(part))
                width, height = map(max, zip(*((_column(col), int(row)) for col, row in cells), strict=True))
                if width * height > _MOST_CELLS:
                    raise SystemExit(TOO_WIDE)


def _chunks(packed: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with packed.open(name) as part:
        before = b""
        while chunk := part.read(_CHUNK):
            yield before + chunk
            before = chunk[-_OVER:]


def _column(letters: bytes) -> int:
    return reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


def _rows(sheet: CalamineSheet) -> list[list[str]]:
    """From the first row and column on, empty or not: rows are told by the numbers that the spreadsheet shows."""
    if sheet.total_height > _MOST_ROWS:
        raise SystemExit(TOO_LONG)
    cells = sheet.to_python(skip_empty_area=False)
    return [[_text(cell) for cell in row[:_MOST_COLUMNS]] for row in cells]


def _text(cell: Any) -> str:
    """As somebody reads it: whole numbers without a point, days as days."""
    if cell == "":
        return ""
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


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    main(json.loads(sys.argv[1]), first=sys.argv[2] == "first")
