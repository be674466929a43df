"""诉件列表 as a file: the list's own filters and columns, masked as the list masks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.commands.cases.record_export import record_export
from kesu.core import clock
from kesu.queries.cases.case_list import CaseExport, Row, case_export
from kesu.web import when
from kesu.web.cases.list_cases import MOST_EXPORTED, read_filter, today
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import Book, Sheet, Value, answer
from kesu.web.slices import FACT, kept
from kesu.web.words import spoken

_WIDTHS: Final = (17, 9, 34, 8, 12, 8, 17, 18, 16)
_AFTER: Final = (16, 16, 12, 6, 17, 17)
_HEAD_ROWS: Final = 4
_FILTERS: Final = ("kind", "subject", "state", "stage", "level", "due", "holder", "unit")
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Made:
    """The file, how many rows it has, and in how many of them personal data stand in clear."""

    content: bytes
    rows: int
    clear: int


@require_safe
@signed_in
def export_list(request: HttpRequest) -> HttpResponse:
    """A look that leaves a trace: a file with names or rooms in clear is recorded before it is handed out."""
    now, who = clock.now(), actor(request)
    chosen = read_filter(request.GET)
    found = spoken(case_export(actor=who, at=now, today=today(now), chosen=chosen, most=MOST_EXPORTED))
    made = _written(found, company=frame(request, "", now).organisation, by=who.name, at=now)
    if made.clear:
        filters = _filters(request.GET, {column.value for column in found.columns})
        record_export(actor=who, at=now, what="case-list", filters=filters, rows=made.rows, clear=made.clear)
    return answer(made.content, _("诉件"), when.local(now).date().isoformat())


def _filters(query: QueryDict, facts: Collection[str]) -> dict[str, str]:
    """Only what narrows the list: a record that nobody can change keeps no text written into the address at will, not
    even as the name of a fact that the list does not know."""
    heads = {name: str(query[name]).replace("\x00", "")[:_LONGEST] for name in _FILTERS if name in query}
    behind = {name: text for name, text in kept(query) if not name.startswith(FACT) or name[len(FACT) :] in facts}
    sought = {"sought": "yes"} if query.get("q", "").strip() else {}
    return behind | heads | sought


def _written(found: CaseExport, *, company: str, by: str, at: datetime) -> Made:
    book = Book(at)
    facts = [column.value for column in found.columns]
    listed = [*([_("事项")] if found.has_subjects else []), *(column.label for column in found.columns)]
    widths = (*_WIDTHS, *(12 for _name in listed), *_AFTER)
    sheet = book.sheet(_("诉件"), widths, repeat=_HEAD_ROWS)
    sheet.row([_("诉件列表")], "title")
    sheet.row([_said(company, by, at)], "note")
    sheet.row([_counted(found.total)], "note")
    sheet.row(_heads(listed), "head")
    rows = clear = 0
    for row in found.rows:
        _write(sheet, row, [*([row.subject] if found.has_subjects else []), *_facts(row, facts)])
        rows += 1
        clear += not row.is_masked and bool(row.person or row.room)
    return Made(book.close(), rows, clear)


def _said(company: str, by: str, at: datetime) -> str:
    said = {"company": company, "by": by, "at": when.stamp(at)}
    return _("%(company)s · %(by)s 导出于 %(at)s · 没有权限看的姓名和房号已隐去") % said


def _counted(total: int) -> str:
    if total > MOST_EXPORTED:
        most = {"most": f"{MOST_EXPORTED:,}"}
        return _("符合条件的超过 %(most)s 件，这里只有排在前面的 %(most)s 件。要其余的，请加条件分次导出。") % most
    return _("共 %(count)s 件") % {"count": f"{total:,}"}


def _facts(row: Row, codes: Sequence[str]) -> Iterator[str]:
    return (row.columns.get(code, "") for code in codes)


def _heads(facts: Sequence[str]) -> list[Value]:
    what = [_("编号"), _("种类"), _("主题"), _("等级"), _("阶段"), _("办理")]
    due = [_("下一时限"), _("义务"), _("当前责任人")]
    whose = [_("项目"), _("房号"), _("客户"), _("人数"), _("受理时间"), _("办结时间")]
    return [*what, *due, *facts, *whose]


def _write(sheet: Sheet, row: Row, listed: Sequence[str]) -> None:
    """`listed`: its subject and list facts, as far as there are any."""
    state = _("已办结") if row.is_final else _("在办")
    before: list[Value] = [row.number, row.kind, row.title, row.level_name, row.stage, state, row.due_at, row.duty]
    after: list[Value] = [row.unit, row.room, row.person, row.people, row.received_at, row.closed_at]
    sheet.row([*before, row.owner, *listed, *after])
