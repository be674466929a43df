"""Spreadsheets that people send in: hostile bytes until they are rows of text."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from kesu.core.errors import Unacceptable
from kesu.core.importing import Line
from kesu.web import sheet_child

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    Sent = UploadedFile[bytes]

MOST_BYTES: Final = 20 * 1024 * 1024
_MOST_UNPACKED: Final = 400 * 1024 * 1024
_MOST_SECONDS: Final = 120
_HEAD_WITHIN: Final = 10
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH")
"""What the other process learns of how this one was started: nothing about the house."""
_ENDS: Final = {
    sheet_child.UNREADABLE: "book_unreadable",
    sheet_child.TOO_LONG: "book_too_long",
    sheet_child.TOO_WIDE: "book_too_wide",
}

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
    sheets = _rows_of(sent.read(), [called for called, _ in wanted.values()])
    found: dict[str, list[Line]] = {}
    for (code, (_called, columns)), rows in zip(wanted.items(), sheets, strict=True):
        found[code] = [] if rows is None else _lines(code, rows, columns, set((needed or {}).get(code, columns)))
    if not any(found.values()):
        raise _wrong("book_empty")
    return found


def _rows_of(content: bytes, wanted: Sequence[Sequence[str]]) -> list[list[list[str]] | None]:
    """Of each sheet the rows, read in a process of its own (`sheet_child`)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise _wrong("file_unpacked")
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as broken:
        raise _wrong("book_unreadable") from broken
    asked = json.dumps([list(called) for called in wanted])
    command = [sys.executable, "-I", sheet_child.__file__, asked, "first" if len(wanted) == 1 else "named"]
    variables = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        read = subprocess.run(  # noqa: S603 - our own program and file, the bytes go in by a pipe
            command, input=content, env=variables, capture_output=True, timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as slow:
        raise _wrong("file_unpacked") from slow
    if read.returncode:
        raise _wrong(_ENDS.get(read.returncode, "file_unpacked"))
    rows: list[list[list[str]] | None] = json.loads(read.stdout)
    return rows


def _lines(sheet: str, rows: list[list[str]], columns: Columns, must: set[str]) -> list[Line]:
    called = {name: code for code, names in columns.items() for name in names}
    for at, row in enumerate(rows[:_HEAD_WITHIN]):
        places = {called[text]: place for place, text in enumerate(row) if text in called}
        if places.keys() >= must:
            return list(_below(sheet, rows, at, places))
    raise _wrong("columns_missing")


def _below(sheet: str, rows: list[list[str]], head: int, places: Mapping[str, int]) -> Iterator[Line]:
    for at in range(head + 1, len(rows)):
        row = rows[at]
        cells = {code: row[place] if place < len(row) else "" for code, place in places.items()}
        if any(cells.values()):
            yield Line(sheet, at + 1, cells)


def _wrong(reason: str) -> Unacceptable:
    return Unacceptable(reason, data={"fields": {"file": reason}, "refusals": ()})
