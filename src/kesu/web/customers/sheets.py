"""The file that brings in rooms and customers: its columns and template, how it is read, the list of its errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kesu.core.errors import Unacceptable
from kesu.core.importing import Line
from kesu.queries.customers.import_runs import WrongLine
from kesu.web import sentences
from kesu.web.customers.labels import KINDS, SEXES
from kesu.web.estate.labels import FIELDS, OCCUPANCIES
from kesu.web.joining import listed, strung
from kesu.web.sheets import Book, Value
from kesu.web.sheets_in import read_book

if TYPE_CHECKING:
    from kesu.web.sheets_in import Sent

SHEETS: Final = {"rooms": gettext_lazy("房产"), "customers": gettext_lazy("客户")}
COLUMNS: Final[Mapping[str, Mapping[str, Any]]] = {
    "rooms": FIELDS,
    "customers": {
        "name": gettext_lazy("姓名"),
        "phones": gettext_lazy("电话"),
        "kind": gettext_lazy("类别"),
        "project": FIELDS["project"],
        "building": FIELDS["building"],
        "entrance": FIELDS["entrance"],
        "number": FIELDS["number"],
        "sex": gettext_lazy("性别"),
        "birth_year": gettext_lazy("出生年"),
        "occupation": gettext_lazy("职业"),
        "contact": gettext_lazy("联系地址"),
        "groups": gettext_lazy("分组"),
    },
}
_NEEDED: Final = {
    "rooms": ("project", "building", "number"),
    "customers": ("name", "phones", "kind", "project"),
}
_CODES: Final[Mapping[str, Mapping[str, Any]]] = {"occupancy": OCCUPANCIES, "kind": KINDS, "sex": SEXES}
_MOST_LINES: Final = 60_000
_MOST_NAMED: Final = 20


def read_house(sent: Sent | None) -> dict[str, list[Line]]:
    """Lines by sheet, empty cells left out; headings and the words of choices count in every language of the program.
    Raises `Unacceptable` for what is no such file."""
    wanted = {
        sheet: (_called(SHEETS[sheet]), {code: _called(label) for code, label in columns.items()})
        for sheet, columns in COLUMNS.items()
    }
    found = read_book(sent, wanted, _NEEDED)
    if sum(map(len, found.values())) > _MOST_LINES:
        raise Unacceptable("book_too_large")
    codes = {code: _by_word(words) for code, words in _CODES.items()}
    return {sheet: [_said(line, codes) for line in lines] for sheet, lines in found.items()}


def _said(line: Line, codes: Mapping[str, Mapping[str, str]]) -> Line:
    """With the codes of chosen words; a word that is offered nowhere stays what it is, and is refused later."""
    cells = {name: codes.get(name, {}).get(text, text) for name, text in line.cells.items() if text}
    return replace(line, cells=cells)


def _called(word: object) -> list[str]:
    """In every language; a heading may be marked as one that must be filled in."""
    called = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            called += [str(word), f"{word}*"]
    return called


def _by_word(words: Mapping[str, Any]) -> dict[str, str]:
    """Codes by their words in every language."""
    return {word: code for code, label in words.items() for word in _called(label)}


def template(at: datetime, projects: Sequence[str]) -> bytes:
    """An empty file with headings; what must stand there is marked with *."""
    book = Book(at)
    for sheet, columns in COLUMNS.items():
        page = book.sheet(str(SHEETS[sheet]), [16] * len(columns), repeat=1)
        page.row([f"{label}*" if code in _NEEDED[sheet] else str(label) for code, label in columns.items()], "head")
    page = book.sheet(_("填写说明"), [90])
    for line in _about(projects):
        page.row([line], "about")
    return book.close()


def _about(projects: Sequence[str]) -> Iterator[str]:
    yield _("带 * 的列必填。已有的房产按项目、栋、单元、房号认，已有的客户按电话认；空着的格不改原来的内容。")
    yield _("全部检查通过才写入；有一处不对，就一行也不写，并逐行说明。同一个文件导入两次，第二次不会有变化。")
    yield _("一位客户有几套房，写几行，姓名和电话相同。几个电话写在一格，用逗号分开，第一个用来认人。")
    yield _("日期写 2026-06-30 或 2026年6月30日。")
    yield _("保修到期写“工种 日期”，几项用分号分开，例如：防水 2031-06-30；门窗 2028-06-30。")
    yield _("使用情况：%(words)s") % {"words": listed(OCCUPANCIES.values())}
    yield _("类别：%(words)s") % {"words": listed(KINDS.values())}
    yield _("项目：%(words)s") % {"words": listed(projects)}


def said(one: WrongLine, projects: Sequence[str]) -> tuple[str, int, str, str, str]:
    """Sheet, line, column, what stands there and what is wrong, in words. `projects`: those that may be named."""
    column = COLUMNS[one.sheet].get(one.column, one.column)
    what = sentences.why(one.reason)
    words = listed(projects[:_MOST_NAMED]) if one.reason == "project_unknown" else ""
    if one.reason == "not_offered":
        words = listed(_CODES.get(one.column, {}).values())
    allowed = strung((what, _("可以写：%(words)s") % {"words": words})) if words else what
    return str(SHEETS[one.sheet]), one.line, str(column), one.value, allowed


def error_book(at: datetime, name: str, errors: Sequence[WrongLine], projects: Sequence[str]) -> bytes:
    book = Book(at)
    page = book.sheet(_("错误清单"), (10, 8, 16, 24, 70), repeat=2)
    page.row([name], "title")
    page.row([_("工作表"), _("行"), _("列"), _("写的是"), _("哪里不对")], "head")
    for one in errors:
        row: Sequence[Value] = said(one, projects)
        page.row(row)
    return book.close()
