"""登记簿: the papers that cases issued, with what became of each; on the screen and as a file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.commands.registers.print_day import print_day
from kesu.core import clock
from kesu.core.errors import NotFound
from kesu.queries.registers.entry_list import (
    PaperRow,
    PaperState,
    RegisterExport,
    RegisterFilter,
    entry_export,
    entry_list,
)
from kesu.web import when
from kesu.web.downloads import handed_out
from kesu.web.marks import Choice as FilterChoice
from kesu.web.paging import pager, whole
from kesu.web.registers.day import day_pdf
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import Book, answer
from kesu.web.slices import midnight, read_day

MOST_EXPORTED: Final = 20_000
_HERE: Final = "/registers"
_LONGEST: Final = 80
_WIDTHS: Final = (18, 24, 8, 18, 10, 18, 24, 18, 20)
_LOOKS: Final = ("text", "text", "text", "moment", "text", "moment", "text", "text", "text")
_HEAD_ROWS: Final = 3


@require_safe
@signed_in
def register_view(request: HttpRequest) -> HttpResponse:
    now, wanted = clock.now(), _wanted(request)
    found = entry_list(actor=actor(request), register=wanted, page=whole(request.GET.get("page", ""), 1))
    total = _("共 %(count)s 份") % {"count": f"{found.total:,}"}
    day = request.GET.get("day", "") if wanted.since else ""
    register = wanted.register or (found.registers[0] if len(found.registers) == 1 else "")
    asked = {name: getattr(wanted, name) for name in _NAMES} | {"day": day}
    printed = {"register": register, "mark": wanted.mark, "day": day}
    context = {
        "frame": frame(request, _HERE, now),
        "wanted": wanted,
        "registers": tuple(FilterChoice(one, one) for one in found.registers),
        "marks": tuple(FilterChoice(one, one) for one in found.marks),
        "day": day,
        "printed": urlencode(printed) if day and register and found.rows else "",
        "states": (FilterChoice(PaperState.GOOD.value, _("有效")), FilterChoice(PaperState.VOID.value, _("作废"))),
        "rows": tuple((row, _state(row), _issued(row, now), _void(row, now)) for row in found.rows),
        "is_filtered": any(asked.values()),
        "query": urlencode({key: text for key, text in asked.items() if text}),
        "total_text": total,
        "pager": pager(total, found.page, found.pages),
    }
    return render(request, "registers/list.html", context)


@require_safe
@signed_in
def export_view(request: HttpRequest) -> HttpResponse:
    """Numbers of papers and of cases: nothing of it is personal, so no record is kept."""
    now, who = clock.now(), actor(request)
    found = entry_export(actor=who, register=_wanted(request), most=MOST_EXPORTED)
    content = _written(found, company=frame(request, "", now).organisation, by=who.name, at=now)
    return answer(content, _("登记簿"), when.local(now).date().isoformat())


@require_safe
@signed_in
def day_view(request: HttpRequest) -> HttpResponse:
    """One day of one register on paper, in clear for those who may see who somebody is: each case keeps that."""
    now, who, wanted = clock.now(), actor(request), _wanted(request)
    if not wanted.register or wanted.since is None or wanted.until is None:
        raise NotFound
    found = print_day(
        actor=who, at=now, register=wanted.register, mark=wanted.mark, since=wanted.since, until=wanted.until
    )
    day, company = when.local(wanted.since).date(), frame(request, "", now).organisation
    made = day_pdf(found, register=wanted.register, mark=wanted.mark, day=day, sender=company, by=who.name, at=now)
    return handed_out(f"{wanted.mark or wanted.register} {day}.pdf", "application/pdf", made)


def _wanted(request: HttpRequest) -> RegisterFilter:
    register, state, text, mark = (request.GET.get(name, "").replace("\x00", "").strip()[:_LONGEST] for name in _NAMES)
    day = read_day(request.GET.get("day", ""))
    since, until = (midnight(day), midnight(day + timedelta(days=1))) if day is not None else (None, None)
    return RegisterFilter(register, state, text, mark, since, until)


_NAMES: Final = ("register", "state", "text", "mark")


def _state(row: PaperRow) -> str:
    return _("作废") if row.void_at is not None else _("有效")


def _issued(row: PaperRow, now: datetime) -> str:
    return when.when(row.issued_at, now) if row.issued_at else _("案前已有")


def _void(row: PaperRow, now: datetime) -> str:
    return when.when(row.void_at, now) if row.void_at else ""


def _written(found: RegisterExport, *, company: str, by: str, at: datetime) -> bytes:
    book = Book(at)
    sheet = book.sheet(_("登记簿"), _WIDTHS, repeat=_HEAD_ROWS)
    sheet.row([_("登记簿")], "title")
    cut = _("，只有最新 %(most)s 份") % {"most": f"{MOST_EXPORTED:,}"} if found.is_cut else ""
    said = _("%(company)s · %(by)s 导出于 %(at)s%(cut)s")
    sheet.row([said % {"company": company, "by": by, "at": when.stamp(at), "cut": cut}], "note")
    heads = [
        _("文书"),
        _("编号"),
        _("标识"),
        _("出具"),
        _("状态"),
        _("作废时间"),
        _("由哪一份代替"),
        _("诉件"),
        _("单位"),
    ]
    sheet.row(heads, "head")
    for row in found.rows:
        sheet.row(
            [
                row.register,
                row.number,
                row.mark,
                row.issued_at,
                _state(row),
                row.void_at,
                row.replaced_by,
                row.case_number,
                row.unit,
            ],
            _LOOKS,
        )
    return book.close()
