"""Files for spreadsheets: real .xlsx whose texts stay texts, written row by row so that a long list needs no memory."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kesu.web import when

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FONT: Final = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "text": {"num_format": "@"},
    "title": {"bold": True, "font_size": 14, "num_format": "@"},
    "note": {"font_color": "#5a6875", "num_format": "@"},
    "about": {"text_wrap": True, "valign": "top", "num_format": "@"},
    "head": {"bold": True, "bg_color": "#eef2f5", "bottom": 1, "bottom_color": "#c4cdd6", "num_format": "@"},
    "head_right": {"bold": True, "bg_color": "#eef2f5", "bottom": 1, "bottom_color": "#c4cdd6", "align": "right"},
    "strong": {"bold": True, "num_format": "@"},
    "count": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}
_A4: Final = 9
_FORBIDDEN_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'"))
_LONGEST_NAME: Final = 31
_UNPRINTABLE: Final = {"Cc", "Cs"}
_NO_SIGN: Final = 0xFFFE  # the last two places of every plane

Value = str | int | float | datetime | None


class Book:
    """One file while it is written. Rows go down only: what is written cannot be touched again."""

    def __init__(self, at: datetime) -> None:
        from xlsxwriter import Workbook  # some megabytes, for processes that write a file

        self._out = io.BytesIO()
        self._book = Workbook(
            self._out,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties({"created": when.local(at).replace(tzinfo=None)})
        self._looks: dict[str, Format] = {
            name: self._book.add_format({**_FONT, **look}) for name, look in _LOOKS.items()
        }
        self._names: set[str] = set()

    def sheet(self, name: str, widths: Sequence[float], *, repeat: int | None = None) -> Sheet:
        """A4 across, as many pages long as it needs; the first `repeat` rows stand on every page and stay in view."""
        page = self._book.add_worksheet(self._free(name))
        for column, width in enumerate(widths):
            page.set_column(column, column, width, self._looks["text"])
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer("&L&A&R&P / &N")
        if repeat:
            page.freeze_panes(repeat, 1)
            page.repeat_rows(repeat - 1)
        return Sheet(page, self._looks)

    def close(self) -> bytes:
        self._book.close()
        return self._out.getvalue()

    def _free(self, name: str) -> str:
        """A name that the format allows and that no other sheet has, whatever the case of its letters."""
        plain = cleaned(name).translate(_FORBIDDEN_IN_NAMES).strip()[:_LONGEST_NAME] or "1"
        free, nth = plain, 1
        while free.lower() in self._names:
            nth += 1
            free = f"{plain[: _LONGEST_NAME - 3]} {nth}"
        self._names.add(free.lower())
        return free


class Sheet:
    """One sheet. Texts are written as texts whatever they begin with, instants as dates of the calendar's zone."""

    def __init__(self, page: Worksheet, looks: dict[str, Format]) -> None:
        self._page, self._looks, self._row = page, looks, 0

    def row(self, values: Sequence[Value], looks: Sequence[str] | str = "text") -> None:
        for column, value in enumerate(values):
            look = looks if isinstance(looks, str) else looks[column]
            self._write(column, value, look)
        self._row += 1

    def _write(self, column: int, value: Value, look: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            self._page.write_string(self._row, column, cleaned(value), self._looks[look])
        elif isinstance(value, datetime):
            wall = when.local(value).replace(tzinfo=None)
            self._page.write_datetime(self._row, column, wall, self._looks["moment"])
        else:
            self._page.write_number(self._row, column, value, self._looks[look])


def cleaned(text: str) -> str:
    """Without signs that no cell can hold: controls, halves of pairs, places without a sign. A line end is a space."""
    if text.isprintable():
        return text
    spaced = " ".join(text.splitlines()) if "\n" in text or "\r" in text else text
    return "".join(sign for sign in spaced if _is_printable(sign))


def _is_printable(sign: str) -> bool:
    return unicodedata.category(sign) not in _UNPRINTABLE and ord(sign) & _NO_SIGN != _NO_SIGN


def answer(content: bytes, name: str, dated: str) -> HttpResponse:
    """The file as a download called 诉件-2026-06-08.xlsx."""
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}-{dated}.xlsx") or ""
    return response
