"""The sheet as DOCX, built cell by cell: a word is a run of text and never a part of the file's own language."""

from __future__ import annotations

import io
from base64 import b64decode
from datetime import UTC
from typing import Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from kesu.web.paper import code
from kesu.web.paper.sheet import Block, LetterSheet, Pair, Sheet, Signature

_BODY: Final = "SimSun"
_HEAD: Final = "SimHei"
"""Faces that every office has, and their makers replace by their own where they are absent."""
_LABEL, _WORDS = Mm(21), Mm(37)
_WIDTHS: Final = (_LABEL, _WORDS, _LABEL, _WORDS, _LABEL, _WORDS)
_SIGNING: Final = (Mm(28), Mm(30), Mm(15), Mm(65), Mm(36))
_LINE: Final = 6
"""Millimetres of a line of text in a cell."""
_GREY: Final = "F2F2F2"


def docx(sheet: Sheet) -> bytes:
    """A4, to be edited in Word or WPS."""
    document = _empty(sheet)
    _head(document, sheet)
    for block in sheet.blocks:
        _block(document, block, sheet.words)
    if sheet.letter:
        _letter(document, sheet.letter)
    if sheet.says:
        _write(document.add_paragraph(), sheet.says).paragraph_format.space_before = Pt(8)
    _signatures(document, sheet)
    _foot(document, sheet)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _empty(sheet: Sheet) -> DocumentObject:
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(20), Mm(16)
    page.top_margin, page.bottom_margin = Mm(14), Mm(19)
    page.footer_distance = Mm(9)
    style = document.styles["Normal"]
    style.paragraph_format.space_after = Pt(0)
    about = document.core_properties
    about.title, about.author, about.comments = sheet.title, sheet.organisation, ""
    about.created = about.modified = sheet.made_at.astimezone(UTC).replace(tzinfo=None)
    return document


def _write(
    paragraph: Paragraph, text: str, *, size: float = 10.5, is_bold: bool = False, face: str = _BODY
) -> Paragraph:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), is_bold
    run.font.name = face
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)  # the library itself names the Latin face only
    return paragraph


def _head(document: DocumentObject, sheet: Sheet) -> None:
    left, right, corner = _table(document, 1, (Mm(92), Mm(60), Mm(22)), "Normal Table").rows[0].cells
    _write(left.paragraphs[0], sheet.organisation, size=11, is_bold=True, face=_HEAD)
    left.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    _write(right.paragraphs[0], "\n".join(sheet.codes), size=9).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    right.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    corner.paragraphs[0].add_run().add_picture(io.BytesIO(code.png(sheet.address)), width=Mm(15))
    corner.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for cell in (left, right, corner):
        _line_below(cell)
    title = _write(document.add_paragraph(), sheet.title, size=18, is_bold=True, face=_HEAD)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(14), Pt(10)
    if sheet.warning:
        _write(document.add_paragraph(), sheet.warning, size=9).paragraph_format.space_after = Pt(6)


def _table(document: DocumentObject, rows: int, widths: tuple[Mm, ...], style: str = "Table Grid") -> Table:
    """Columns of these widths whatever they hold. One word processor looks at the columns, another at the cells."""
    table: Table = document.add_table(rows, len(widths), style)
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    return table


def _block(document: DocumentObject, block: Block, words: dict[str, str]) -> None:
    if block.title:
        title = _write(document.add_paragraph(), block.title, size=10.5, is_bold=True, face=_HEAD)
        title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(9), Pt(3)
        title.paragraph_format.keep_with_next = True
    if block.rows:
        table = _table(document, len(block.rows), _WIDTHS)
        for row, pairs in zip(table.rows, block.rows, strict=True):
            _row(row, pairs)
    if block.signings:
        first, *others = _table(document, len(block.signings) + 1, _SIGNING).rows
        heads = [words[key] for key in ("approval", "who", "verdict", "opinion", "at")]
        for cell, text in zip(first.cells, heads, strict=True):
            _heading(cell, text)
        for row, one in zip(others, block.signings, strict=True):
            row.height, row.height_rule = Mm(_LINE), WD_ROW_HEIGHT_RULE.AT_LEAST
            texts = (one.approval, one.who, one.verdict, one.opinion, one.at)
            for cell, text in zip(row.cells, texts, strict=True):
                _write(cell.paragraphs[0], text, size=9.5)
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _letter(document: DocumentObject, letter: LetterSheet) -> None:
    _write(document.add_paragraph(), letter.subject, size=12, is_bold=True, face=_HEAD)
    _write(document.add_paragraph(), letter.dear, size=12).paragraph_format.space_before = Pt(10)
    for line in (*letter.paragraphs, *((letter.closing,) if letter.closing else ())):
        paragraph = _write(document.add_paragraph(), line, size=12)
        paragraph.paragraph_format.first_line_indent = Pt(24)
        paragraph.paragraph_format.line_spacing = 1.5
    for number, line in enumerate((letter.sender, letter.day)):
        below = _write(document.add_paragraph(), line, size=12)
        below.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        below.paragraph_format.space_before = Pt(6 if number else 28)


def _row(row: _Row, pairs: tuple[Pair, ...]) -> None:
    row.height, row.height_rule = Mm(_LINE * max(pair.lines for pair in pairs)), WD_ROW_HEIGHT_RULE.AT_LEAST
    cells, at = row.cells, 0
    for pair in pairs:
        _heading(cells[at], pair.label)
        cell = cells[at + 1].merge(cells[at + pair.span])
        cell.vertical_alignment = (
            WD_CELL_VERTICAL_ALIGNMENT.TOP if pair.lines > 1 else WD_CELL_VERTICAL_ALIGNMENT.CENTER
        )
        _write(cell.paragraphs[0], pair.text)
        for drawn in pair.pictures:
            cell.add_paragraph().add_run().add_picture(io.BytesIO(b64decode(drawn)), height=Mm(13))
        at += 1 + pair.span


def _heading(cell: _Cell, text: str) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = _write(cell.paragraphs[0], text, size=9.5, is_bold=True, face=_HEAD)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _GREY)):
        shade.set(qn(f"w:{name}"), value)
    cell._element.get_or_add_tcPr().append(shade)


def _line_below(cell: _Cell) -> None:
    borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "0"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    cell._element.get_or_add_tcPr().append(borders)


def _signatures(document: DocumentObject, sheet: Sheet) -> None:
    if not sheet.signatures:
        return
    document.add_paragraph().paragraph_format.space_before = Pt(4)
    pairs = [sheet.signatures[first : first + 2] for first in range(0, len(sheet.signatures), 2)]
    table = _table(document, len(pairs), (Mm(87), Mm(87)), "Normal Table")
    for row, pair in zip(table.rows, pairs, strict=True):
        row.height, row.height_rule = Mm(_LINE * 3), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, signature in zip(row.cells, pair, strict=False):
            _signature(cell, signature, sheet.words)


def _signature(cell: _Cell, signature: Signature, words: dict[str, str]) -> None:
    name = f"{signature.label}（{words['signature']}）："
    _write(cell.paragraphs[0], f"{name}{signature.by or '＿' * 9}")
    below = cell.add_paragraph()
    below.paragraph_format.space_before = Pt(5)
    _write(below, signature.at or words["day"])


def _foot(document: DocumentObject, sheet: Sheet) -> None:
    footer = document.sections[0].footer.paragraphs[0]
    footer.style = document.styles["Normal"]  # the style of footers has tabulators of another paper
    footer.paragraph_format.tab_stops.add_tab_stop(Mm(174), WD_TAB_ALIGNMENT.RIGHT)
    _write(footer, "\n".join(sheet.foot) + "\t", size=8)
    before, _, rest = sheet.words["page"].partition("{page}")
    between, _, after = rest.partition("{pages}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _write(footer, text, size=8)
        if field:
            _field(footer, field)


def _field(paragraph: Paragraph, name: str) -> None:
    """A number that the word processor counts itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = paragraph.add_run("1")
    run.font.size = Pt(8)
    field.append(run._element)
    paragraph._element.append(field)
