"""What somebody calls a spreadsheet is read without harm to anybody else, and its rows keep their numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kesu.core.errors import Unacceptable
from kesu.core.importing import Line
from kesu.web.sheets_in import read_book

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_LINKS = '<Relationships xmlns="{package}/relationships">{links}</Relationships>'
_LINK = '<Relationship Id="{id}" Type="{office}/{kind}" Target="{target}"/>'


def linked(*targets: tuple[str, str]) -> str:
    links = (
        _LINK.format(id=f"r{number}", office=_OFFICE, kind=kind, target=target)
        for number, (kind, target) in enumerate(targets)
    )
    return _LINKS.format(package=_PACKAGE, links="".join(links))


def book(cells: Iterable[str], shared: str = "") -> SimpleUploadedFile:
    """A workbook as no program writes it. `cells`: of a sheet, row by row; `shared`: a text that cells may refer to."""
    sheets = f'<sheets><sheet name="a" sheetId="1" r:id="r0" xmlns:r="{_OFFICE}"/></sheets>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": linked(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": linked(("worksheet", "worksheets/s.xml"), ("sharedStrings", "sharedStrings.xml")),
        "xl/worksheets/s.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(cells)}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>{shared}</t></si></sst>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return SimpleUploadedFile("people.xlsx", out.getvalue())


def text(column: str, row: int, said: str) -> str:
    return f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>{said}</t></is></c></row>'


def read(sent: SimpleUploadedFile) -> list[Line]:
    return read_book(sent, {"people": (("a",), {"name": ("姓名",)})})["people"]


def test_a_sheet_that_says_it_is_endless_harms_nobody() -> None:
    for cells, reason in (
        ((text("A", 1, "姓名"), text("XFD", 1_048_576, "x")), "book_too_wide"),
        ((text("A", 1, "姓名"), text("A", 1_048_576, "x")), "book_too_long"),
    ):
        with pytest.raises(Unacceptable) as caught:
            read(book(cells))

        assert caught.value.data["fields"] == {"file": reason}


def test_a_long_text_that_stands_in_every_cell_harms_nobody() -> None:
    every = (f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 1_000))

    with pytest.raises(Unacceptable) as caught:
        read(book(every, shared="x" * 5_000_000))

    assert caught.value.data["fields"] == {"file": "file_unpacked"}


def test_rows_are_told_by_the_numbers_that_the_spreadsheet_shows() -> None:
    sent = book((text("B", 3, "姓名"), text("B", 5, "苏女士"), text("XFD", 5, "far away")))

    assert [(line.number, line["name"]) for line in read(sent)] == [(5, "苏女士")]
