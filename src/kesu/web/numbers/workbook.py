"""统计 as a file: one sheet a kind of case and one for its departments, with what every column counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from kesu.policy.model.measures import Figure
from kesu.queries.numbers.measured import MeasuredNumber, MeasuredNumbers
from kesu.queries.numbers.numbers_page import Breakdown, Counts, Line, Numbers, Section
from kesu.web import when
from kesu.web.numbers import words
from kesu.web.numbers.periods import Chosen
from kesu.web.numbers.words import Measure
from kesu.web.sheets import Book, Sheet, Value

_HEAD_ROWS: Final = 4
_HUNDRED: Final = 100
_LOOKS: Final[dict[str, str]] = {Figure.SHARE: "share", Figure.COUNT: "count"}
_DEPARTMENT: Final = "department"


def written(found: Numbers, measured: MeasuredNumbers, chosen: Chosen, *, company: str, by: str, at: datetime) -> bytes:
    """Numbers are numbers and shares are shares, so that they can be calculated with."""
    book = Book(at)
    said = {
        "company": company,
        "first": chosen.days.first.isoformat(),
        "last": chosen.days.last.isoformat(),
        "by": by,
        "at": when.stamp(at),
    }
    note = _("%(company)s · %(first)s 至 %(last)s · %(by)s 导出于 %(at)s") % said
    cases = words.of_cases(is_running=chosen.is_running)
    for section in found.sections:
        title = f"{section.name} · {section.policy}"
        _table(book, section.name, title, note, section, (*cases, *words.OF_DUTIES))
        name = _("%(kind)s 部门") % {"kind": section.name}
        _table(book, name, _("%(title)s · 部门按时率") % {"title": title}, note, section, words.OF_DEPARTMENTS)
        measures = measured.of(section.pack, section.kind)
        if measures:
            _measures(book, section.name, title, note, measures)
    if found.shared:
        shared = Section("", "", _("各种类"), "", {}, {}, found.shared)
        _table(book, shared.name, _("各种类 · 共用的说法"), note, shared, (*cases, *words.OF_DUTIES))
    _about(book, note, (*cases, *words.OF_DUTIES, words.PENDING, words.OVERRUN))
    return book.close()


def _table(book: Book, name: str, title: str, note: str, section: Section, columns: Sequence[Measure]) -> None:
    is_owned = columns is words.OF_DEPARTMENTS
    sheet = book.sheet(name, (10, 30, *(10 for _column in columns)), repeat=_HEAD_ROWS)
    sheet.row([title], "title")
    sheet.row([note], "note")
    sheet.row([])
    sheet.row(
        [_("项"), _("值"), *(_column_head(one) for one in columns)],
        ["head", "head", *("head_right" for _one in columns)],
    )
    if not is_owned and section.totals:
        _line(sheet, _("合计"), "", section.totals, columns)
    for breakdown in section.breakdowns:
        if (breakdown.by == _DEPARTMENT) is is_owned:
            for line in breakdown.lines:
                _line(sheet, words.title(breakdown), _label(breakdown, line), line.counts, columns)


def _measures(book: Book, kind: str, title: str, note: str, measures: Sequence[MeasuredNumber]) -> None:
    """The measures of the policy, in all and by project. A share is a share of one, as everywhere in the file."""
    sheet = book.sheet(_("%(kind)s 指标") % {"kind": kind}, (30, 30, 14, 10, 10), repeat=_HEAD_ROWS)
    sheet.row([_("%(title)s · 制度的指标") % {"title": title}], "title")
    sheet.row([note], "note")
    sheet.row([])
    sheet.row(
        [_("指标"), _("项目"), _("数"), _("件数"), _("其中符合")],
        ["head", "head", "head_right", "head_right", "head_right"],
    )
    for one in measures:
        look = _LOOKS.get(one.figure, "money")
        for line in (one.total, *one.lines):
            figure = None if line.figure is None else float(line.figure)
            if figure is not None and one.figure == Figure.SHARE:
                figure /= _HUNDRED
            values: list[Value] = [one.name, line.name or _("合计"), figure, line.count, line.met]
            sheet.row(values, ["text", "text", look, "count", "count"])


def _label(breakdown: Breakdown, line: Line) -> str:
    return "　" * line.depth + words.label(breakdown, line)


def _column_head(one: Measure) -> str:
    return _("义务：%(name)s") % {"name": one.label} if one.outcome or one is words.SHARE else str(one.label)


def _line(sheet: Sheet, title: str, label: str, counts: Counts, columns: Sequence[Measure]) -> None:
    values: list[Value] = []
    for measure in columns:
        count = counts.get(measure.code, 0)
        whole = counts.get(measure.of, 0)
        values.append((count / whole if whole else None) if measure.of else count)
    looks = ["share" if measure.of else "count" for measure in columns]
    sheet.row([title, label, *values], ["text", "text", *looks])


def _about(book: Book, note: str, columns: Sequence[Measure]) -> None:
    sheet = book.sheet(_("口径"), (18, 110))
    sheet.row([_("每一栏数的是什么")], "title")
    sheet.row([note], "note")
    for measure in columns:
        sheet.row([_column_head(measure), str(measure.about)], ["strong", "about"])
    for text in words.ABOUT:
        sheet.row(["", str(text)], ["text", "about"])
