"""The file that fills a form many times: its columns are the fields of the form that the policy draws for one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from kesu.core.codes import half_width
from kesu.core.errors import Unacceptable
from kesu.core.importing import Line, ListedLine, RefusedLine, read_day
from kesu.policy.asking import FieldView, once_for_all
from kesu.policy.model.facts import FactType
from kesu.policy.values import NO, YES
from kesu.web import sentences
from kesu.web.forms import draw, moment
from kesu.web.heard import NAME
from kesu.web.joining import listed, strung
from kesu.web.sheets import Book
from kesu.web.sheets_in import read_book

if TYPE_CHECKING:
    from kesu.web.sheets_in import Sent

_SHEET: Final = "reports"
_NUMBER: Final = ".number"
_CHOSEN: Final = frozenset({FactType.CHOICE, FactType.UNIT})
_SEVERAL: Final = frozenset({FactType.CHOICES, FactType.UNITS, FactType.GROUP})
_BETWEEN: Final = re.compile(r"[、，,；;]")


@dataclass(frozen=True, slots=True)
class AskedForm:
    """The form that a row fills. `name`: of the sheet; `about`: what to know before filling it; `clause_names`: printed
    numbers by identifier; `when`: the heading of the column that says when it was said, empty where that is now;
    `most`: so many rows at once."""

    name: str
    about: Sequence[str]
    fields: Sequence[FieldView]
    clause_names: Mapping[str, str]
    when: str
    most: int


@dataclass(frozen=True, slots=True)
class WrongCell:
    """`column` is empty where the row as a whole is refused."""

    line: int
    column: str
    says: str


def lacks_files(fields: Sequence[FieldView]) -> tuple[str, ...]:
    """What must be attached whenever one is registered: nobody can put a file into a cell. What is asked of some rows
    alone (the scan of a letter) stops those rows and no others."""
    return tuple(one.name for one in fields if one.type is FactType.FILE and one.is_required and one.asked is None)


def template(at: datetime, form: AskedForm) -> bytes:
    """An empty file with headings; what must stand there is marked with *."""
    book = Book(at)
    columns = _columns(form)
    needed = _needed(form)
    page = book.sheet(form.name, [18] * len(columns), repeat=1)
    page.row([f"{label}*" if name in needed else label for name, label in columns.items()], "head")
    about = book.sheet(_("填写说明"), [90])
    for text in _about(form):
        about.row([text], "about")
    return book.close()


def _about(form: AskedForm) -> Iterator[str]:
    yield from form.about
    yield _("时间写 2026-06-30 14:05。")
    for one in form.fields:
        if one.options:
            words = listed(option.label for option in one.options)
            yield _("%(field)s：%(words)s") % {"field": one.name, "words": words}
        elif one.type is FactType.FLAG:
            yield _("%(field)s：%(words)s") % {"field": one.name, "words": listed((_("是"), _("否")))}


def read_lines(
    sent: Sent | None, form: AskedForm, at: datetime, find_case: Callable[[str], str]
) -> tuple[list[ListedLine], list[WrongCell]]:
    """The rows, and what cannot be read in them. `at`: when those were heard that do not say it; `find_case` gives the
    identifier of a case by its printed number, or nothing. Raises `Unacceptable` for what is no such file."""
    columns = _columns(form)
    called = {name: (label, f"{label}*") for name, label in columns.items()}
    rows = read_book(sent, {_SHEET: ((form.name,), called)}, {_SHEET: _needed(form)})[_SHEET]
    if len(rows) > form.most:
        raise Unacceptable("too_many_lines")
    lines, wrong = [], []
    for row in rows:
        found = _heard(row[NAME], at) if form.when else at
        if found is None:
            wrong.append(WrongCell(row.number, columns[NAME], sentences.why(_("日期和时间"))))
        given = {name: texts for one in form.fields for name, texts in _read(one, row, find_case)}
        wrong += [
            WrongCell(row.number, label, _("还没有填%(name)s") % {"name": label})
            for label in _nameless(form, row, columns)
        ]
        unknown = [one for one in form.fields if one.type is FactType.CASE and given.get(one.code) == ("",)]
        wrong += [WrongCell(row.number, one.name, _("没有这个编号的诉件，或您看不到它")) for one in unknown]
        lines.append(ListedLine(row.number, found or at, given, repr(sorted(row.cells.items()))))
    return lines, wrong


def _columns(form: AskedForm) -> Mapping[str, str]:
    """Label by the name of a column: when it was said, then the fields of the form. No two are called alike."""
    drawn = draw(_askable(form.fields), {}, {})
    of_cases = {one.code for one in form.fields if one.type is FactType.CASE}
    labels = {one.name: one.label for one in drawn if one.name not in of_cases}
    said = [*labels.values()]
    return {
        **({NAME: form.when} if form.when else {}),
        **{name: label if said.count(label) == 1 else f"{label} {name}" for name, label in labels.items()},
    }


def _needed(form: AskedForm) -> set[str]:
    named = {FactType.PERSON: ".name", FactType.CASE: _NUMBER}
    return {f"{one.code}{named.get(one.type, '')}" for one in _askable(form.fields) if one.is_required}


def _nameless(form: AskedForm, row: Line, columns: Mapping[str, str]) -> Iterator[str]:
    """Columns of names that must be there and are not, though something else is said of the person."""
    for one in _askable(form.fields):
        if one.type is FactType.PERSON and one.is_required and not row[f"{one.code}.name"] and row[f"{one.code}.phone"]:
            yield columns[f"{one.code}.name"]


def _askable(fields: Sequence[FieldView]) -> list[FieldView]:
    return [one for one in once_for_all(fields, {}) if one.type is not FactType.FILE]


def _heard(text: str, at: datetime) -> datetime | None:
    if not text:
        return at
    try:
        return moment(_written(text))
    except ValueError:
        return None


def _written(text: str) -> str:
    """A moment or a day as forms send it, where it can be read as one; else what was written."""
    day, _blank, clock = half_width(text).partition(" ")
    on = read_day(day)
    return text if on is None else f"{on.isoformat()} {clock}".strip()


def _read(one: FieldView, row: Line, find_case: Callable[[str], str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    text = row[one.code]
    if one.type is FactType.PERSON:
        for name in (f"{one.code}.name", f"{one.code}.phone"):
            yield name, (row[name],)
    elif one.type is FactType.CASE:
        number = row[f"{one.code}{_NUMBER}"]
        if number:
            yield one.code, (find_case(number),)
    elif one.type in _CHOSEN or one.type in _SEVERAL:
        words = [part.strip() for part in _BETWEEN.split(text)] if one.type in _SEVERAL else [text]
        values = {word: option.value for option in one.options for word in (option.value, option.label)}
        yield one.code, tuple(values.get(word, word) for word in words if word)
    elif one.type is FactType.FLAG:
        flags = {_("是"): YES, _("否"): NO, "yes": YES, "no": NO}
        yield one.code, (flags.get(text.lower(), text),)
    elif one.type in {FactType.DATE, FactType.TIME}:
        yield one.code, (_written(text),)
    elif one.type is not FactType.FILE:
        yield one.code, (text,)


def wrong_cells(form: AskedForm, refused: Sequence[RefusedLine]) -> Iterator[WrongCell]:
    """Why rows were refused, at their columns where it is a matter of one."""
    names = {one.code: one.name for one in form.fields} | {NAME: form.when}
    for one in refused:
        errors = sentences.field_errors(one.refused)
        reasons = _reasons(form, one, errors)
        for code, says in errors.items():
            yield WrongCell(one.number, names.get(code, code), strung([says, *reasons.get(code, ())]))
        whole = reasons.get("", ())
        if whole or not errors:
            yield WrongCell(one.number, "", strung(whole or [sentences.reason(one.refused)]))


def _reasons(form: AskedForm, one: RefusedLine, errors: Mapping[str, str]) -> Mapping[str, list[str]]:
    """The sentences of the policy by column: a lack that its column tells is not told again of the whole row, whose
    sentences stand under nothing."""
    told: dict[str, list[str]] = {}
    for found in one.refused.data.get("refusals", ()):
        wanted = [lack.code for lack in found.missing]
        at = wanted[0] if wanted and all(code in errors for code in wanted) else ""
        says = _cited(form, sentences.refusal(found.code, found.says), found.clauses) if found.says else ""
        if says and says not in told.get(at, ()):
            told.setdefault(at, []).append(says)
    return told


def _cited(form: AskedForm, says: str, clauses: Sequence[str]) -> str:
    printed = [form.clause_names[one] for one in clauses if one in form.clause_names]
    return _("%(says)s（%(clauses)s）") % {"says": says, "clauses": listed(printed)} if printed else says


def error_book(at: datetime, wrong: Sequence[WrongCell]) -> bytes:
    """Never with what stood in the cells: whoever sent the file has it."""
    book = Book(at)
    page = book.sheet(_("错误清单"), (8, 24, 90), repeat=1)
    page.row([_("行"), _("列"), _("哪里不对")], "head")
    for one in wrong:
        page.row([one.line, one.column, one.says])
    return book.close()
