"""One sheet, three drawings: whatever people wrote comes out as the words that they wrote, on paper of its size."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from docx import Document
from playwright.sync_api import Browser
from pypdf import PdfReader

from kesu.web.paper import code
from kesu.web.paper.pdf import pdf
from kesu.web.paper.sheet import Block, LetterSheet, Pair, Sheet, Signature, Signing, plain
from kesu.web.paper.word import docx

STYLES = Path(__file__).parents[3] / "src" / "kesu" / "web" / "static" / "build" / "print.css"
ADDRESS = "https://kesu.example/cases/1"
A4 = (595.3, 841.9)
WORDS = {
    "approval": "环节", "who": "签批人", "verdict": "结论", "opinion": "意见", "at": "时间", "signature": "签名",
    "day": "日期：　　年　月　日", "page": "第 {page} 页，共 {pages} 页",
}  # fmt: skip

HOSTILE = {
    "typesetter": '#set page(width: 1cm) #include "/etc/hostname" $x^2$ *粗* _斜_ `码` \\ @ref <tag> // 注 /* */',
    "template": "{{ 7*7 }} {% include 'x' %} {%tr for a in b %} ${7*7} <%= 7*7 %>",
    "markup": "<b>粗</b> &amp; <script>alert(1)</script> ]]> <w:t>x</w:t> \"引号\" '撇'",
    "json": '"}, {"title": "x", \\u0041 \\n \\\\',
    "rare": "䶮 𬭎 § № ① Ⅷ ㎡ ￥",
}


def a_sheet(text: str = "客厅东墙发霉", *, lines: int = 3) -> Sheet:
    """A form with `text` in a wide cell, in a narrow one, in an opinion and under a heading."""
    rows = (
        (Pair("编号", "TS-26-0001", 1, 1), Pair("项目", "青棠湾一期", 1, 1), Pair("窄格", text[:40], 1, 1)),
        (Pair("内容", text, lines, 5),),
        (Pair("照片", "墙面.jpg", 1, 3), Pair("时间", "2026-06-08 09:30", 1, 1)),
    )
    signing = Signing("联合审核", "陈牧之", "同意", text[:200], "2026-06-09 10:00")
    return Sheet(
        title="客户投诉书",
        organisation="南岑置业集团 · 南岑东部公司",
        codes=("QY-KH-LC001 · 1.0 版", "编号 TS-26-0001"),
        blocks=(Block("接收登记", rows, ()), Block("审核审批", (), (signing,))),
        says="以上内容经本人核对。",
        signatures=(Signature("投诉人", "", ""), Signature("接收人", "周以宁", "2026-06-08 09:40")),
        foot=("扫码核对", "记录摘要 9f3c 71ab 04e2"),
        warning="",
        address=ADDRESS,
        made_at=datetime(2026, 6, 8, 2, tzinfo=UTC),
        number="TS-26-0001",
        words=WORDS,
    )


def packed(text: str) -> str:
    """Without blanks and line ends, which a typesetter moves as it needs."""
    return "".join(text.split())


def text_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def text_of_docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


def page_of(sheet: Sheet) -> str:
    context = {"sheet": sheet, "case_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "document": "letter", "qr": ""}
    return render_to_string("cases/document.html", context)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_it_prints_hostile_words_as_words(text: str) -> None:
    sheet = a_sheet(text)

    assert packed(text) in packed(text_of_pdf(pdf(sheet)))
    assert text in text_of_docx(docx(sheet))
    assert "<script>alert" not in page_of(sheet)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_letter_prints_hostile_words_as_words(text: str) -> None:
    sheet = replace(a_sheet(), blocks=(), letter=LetterSheet(text, text, (text, text), text, "某公司", "2026年7月8日"))

    assert packed(text_of_pdf(pdf(sheet))).count(packed(text)) == 5
    assert text_of_docx(docx(sheet)).count(text) == 5
    assert "<script>alert" not in page_of(sheet)
    assert "2026年7月8日" in page_of(sheet)


def test_it_sets_every_page_in_the_font_that_it_carries() -> None:
    """A wrong name of a font falls back to a Latin one without a word."""
    reader = PdfReader(io.BytesIO(pdf(a_sheet(HOSTILE["rare"]))))
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert {"䶮", "𬭎"} <= set(text_of_pdf(pdf(a_sheet(HOSTILE["rare"]))))


def test_it_makes_one_page_of_a4_and_the_same_bytes_of_the_same_sheet() -> None:
    first = pdf(a_sheet())
    (page,) = PdfReader(io.BytesIO(first)).pages

    assert (round(page.mediabox.width, 1), round(page.mediabox.height, 1)) == A4
    assert "第 1 页，共 1 页" in page.extract_text()
    assert pdf(a_sheet()) == first


@pytest.mark.parametrize("text", ["很长的话。" * 4000, "x" * 20_000, "😀" * 5_000], ids=["prose", "word", "emoji"])
def test_it_goes_on_over_pages_where_somebody_wrote_twenty_thousand_signs(text: str) -> None:
    sheet = a_sheet(text)
    reader = PdfReader(io.BytesIO(pdf(sheet)))

    assert len(reader.pages) > 2
    assert f"共 {len(reader.pages)} 页" in reader.pages[0].extract_text()
    assert text in text_of_docx(docx(sheet))


def test_it_breaks_a_word_that_is_wider_than_its_cell(browser: Browser) -> None:
    """In the PDF nothing is added to the word; on the page nothing stands over the edge."""
    sheet = a_sheet("K" * 400)
    lines = [line for line in text_of_pdf(pdf(sheet)).split("\n") if set(line.strip()) == {"K"}]
    assert max(map(len, lines)) < 100
    assert text_of_pdf(pdf(sheet)).count("K") == 400 + 40 + 200 + text_of_pdf(pdf(a_sheet("词"))).count("K")

    for width in (1440, 360):
        tab = browser.new_page(viewport={"width": width, "height": 800})
        tab.set_content(page_of(sheet))
        tab.add_style_tag(path=STYLES)
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        tab.close()


def test_it_prints_from_the_browser_on_one_page(browser: Browser) -> None:
    tab = browser.new_page()
    tab.set_content(page_of(a_sheet()))
    tab.add_style_tag(path=STYLES)
    (page,) = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True))).pages
    tab.close()

    assert abs(float(page.mediabox.width) - A4[0]) < 2
    assert "客厅东墙发霉" in page.extract_text()
    assert "PDF" not in page.extract_text()  # the bar above the sheet is for the screen


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        ("一\r\n二\r三\t四", "一\n二\n三 四"),
        ("a\x01b\x0bc\x1bd\x7fe\x85f", "abcdef"),
        ("\u202e倒写\u202c \u2066x\u2069\ufeff", "倒写 x"),
        ("半对\ud800 非字\ufffe\uffff", "半对 非字"),
        ("👨‍👩‍👧 é 䶮", "👨‍👩‍👧 é 䶮"),
    ],
)
def test_it_leaves_out_what_is_no_text(written: str, stands: str) -> None:
    assert plain(written) == stands
    assert stands.split("\n")[0] in text_of_docx(docx(a_sheet(plain(written))))


def test_it_builds_a_word_file_with_columns_of_the_same_width_and_a_counted_page(tmp_path: Path) -> None:
    content = docx(a_sheet())
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    forms = [table for table in document.tables if len(table.columns) == 6]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    first = [cell.text for cell in forms[0].rows[0].cells]
    assert first == ["编号", "TS-26-0001", "项目", "青棠湾一期", "窄格", "客厅东墙发霉"]
    assert len({column.width for column in forms[0].columns}) == 2
    assert "NUMPAGES" in section.footer.paragraphs[0]._p.xml
    assert document.core_properties.author == "南岑置业集团 · 南岑东部公司"
    assert len(document.inline_shapes) == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "rare"])
def test_it_opens_in_a_word_processor(name: str, tmp_path: Path) -> None:
    """Rare signs are left out: whether they can be drawn is a matter of this machine's fonts."""
    text = HOSTILE[name]
    (tmp_path / "sheet.docx").write_bytes(docx(a_sheet(text)))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "sheet.docx"], cwd=tmp_path, check=True, capture_output=True, timeout=120)

    assert packed(text)[:20] in packed(text_of_pdf((tmp_path / "sheet.pdf").read_bytes()))


def test_it_draws_the_code_of_the_address_in_every_drawing() -> None:
    other = replace(a_sheet(), address=ADDRESS + "2")

    assert code.svg(ADDRESS) != code.svg(other.address)
    assert "style=" not in code.svg(ADDRESS)
    assert mark_safe(code.svg(ADDRESS)).count("<svg") == 1
    assert pdf(a_sheet()) != pdf(other)
    assert docx(a_sheet()) != docx(other)
