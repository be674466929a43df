"""三本记录: what was changed in the house, who read personal data, who took it out as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.organisation.changes import MOST, change_list
from kesu.queries.organisation.exports import export_log
from kesu.queries.organisation.readings import reading_log
from kesu.web import when
from kesu.web.organisation.saying import change_row, export_row, reading_row
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import Book, answer
from kesu.web.words import spoken

_PAGE: Final = 50
_LONGEST_TEXT: Final = 60
_WIDTHS: Final = (18, 16, 22, 34, 60)

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Record:
    """How a record is called on its page. `heads` of its five columns; `seeks`: what is looked for in it."""

    name: str
    title: object
    about: object
    heads: tuple[object, ...]
    seeks: object


_CHANGES: Final = Record(
    "changes",
    gettext_lazy("改动记录"),
    gettext_lazy("组织、人员和制度的每一处改动；只增不改，前后相连"),
    (
        gettext_lazy("时间"),
        gettext_lazy("谁"),
        gettext_lazy("做了什么"),
        gettext_lazy("对象"),
        gettext_lazy("内容"),
    ),
    gettext_lazy("改了什么或谁改的"),
)
_READINGS: Final = Record(
    "readings",
    gettext_lazy("查看记录"),
    gettext_lazy("谁把隐去的姓名、电话等看成了明文，或印了出来；只增不改"),
    (
        gettext_lazy("时间"),
        gettext_lazy("谁"),
        gettext_lazy("怎么看的"),
        gettext_lazy("诉件或客户"),
        gettext_lazy("看了什么"),
    ),
    gettext_lazy("谁看的，或诉件编号"),
)
_EXPORTS: Final = Record(
    "exports",
    gettext_lazy("带出记录"),
    gettext_lazy("谁把姓名、房号等个人信息以文件带出；只增不改"),
    (
        gettext_lazy("时间"),
        gettext_lazy("谁"),
        gettext_lazy("文件"),
        gettext_lazy("多少"),
        gettext_lazy("条件"),
    ),
    gettext_lazy("谁带出的"),
)
_ALL: Final = (_CHANGES, _READINGS, _EXPORTS)


@require_safe
@signed_in
def changes(request: HttpRequest) -> HttpResponse:
    found = change_list(actor=actor(request), text=_sought(request), page=_page(request), size=_size(request))
    return _answer(request, _CHANGES, [change_row(line) for line in found.rows], found.total, found.page, found.pages)


@require_safe
@signed_in
def readings(request: HttpRequest) -> HttpResponse:
    found = spoken(reading_log(actor=actor(request), text=_sought(request), page=_page(request), size=_size(request)))
    rows = [reading_row(line) for line in found.lines]
    return _answer(request, _READINGS, rows, found.total, found.page, found.pages)


@require_safe
@signed_in
def exports(request: HttpRequest) -> HttpResponse:
    found = spoken(export_log(actor=actor(request), text=_sought(request), page=_page(request), size=_size(request)))
    rows = [export_row(line) for line in found.lines]
    return _answer(request, _EXPORTS, rows, found.total, found.page, found.pages)


def _sought(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:_LONGEST_TEXT]


def _page(request: HttpRequest) -> int:
    return 1 if _is_file(request) else whole(request.GET.get("page", ""), 1)


def _size(request: HttpRequest) -> int:
    return MOST if _is_file(request) else _PAGE


def _is_file(request: HttpRequest) -> bool:
    return request.GET.get("as") == "xlsx"


def _answer(
    request: HttpRequest, record: Record, rows: Sequence[Row], total: int, page: int, pages: int
) -> HttpResponse:
    if _is_file(request):
        return _file(record, rows)
    counted = _("共 %(count)s 条") % {"count": f"{total:,}"}
    context = {
        "frame": frame(request, "/organisation", clock.now()),
        "record": record,
        "records": _ALL,
        "rows": rows,
        "text": _sought(request),
        "total_text": counted,
        "pager": pager(counted, page, pages),
    }
    return render(request, "organisation/record.html", context)


def _file(record: Record, rows: Sequence[Row]) -> HttpResponse:
    """What is sought, the newest `MOST` of it."""
    at = clock.now()
    book = Book(at)
    sheet = book.sheet(str(record.title), _WIDTHS, repeat=1)
    sheet.row([str(head) for head in record.heads], "head")
    for row in rows:
        sheet.row(list(row))
    return answer(book.close(), str(record.title), when.local(at).date().isoformat())
