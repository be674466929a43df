"""台账: every account with what it holds, the entries of one, and both as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.ledgers.account_list import AccountExport, EntryRow, account_export, account_list, account_page
from kesu.web import when
from kesu.web.ledgers.drawing import entered, named
from kesu.web.marks import Choice as FilterChoice
from kesu.web.marks import yuan
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import Book, Value, answer
from kesu.web.words import spoken

MOST_EXPORTED: Final = 20_000
_ACCOUNT_WIDTHS: Final = (20, 34, 22, 16, 10, 18)
_ENTRY_WIDTHS: Final = (20, 34, 16, 18, 22, 24, 16, 16)
_ACCOUNT_LOOKS: Final = ("text", "text", "text", "money", "count", "moment")
_ENTRY_LOOKS: Final = ("text", "text", "text", "moment", "text", "text", "money", "money")
_HEAD_ROWS: Final = 3
_LONGEST: Final = 90


@require_safe
@signed_in
def account_list_view(request: HttpRequest) -> HttpResponse:
    now, chosen = clock.now(), _chosen(request)
    page = whole(request.GET.get("page", ""), 1)
    found = spoken(account_list(actor=actor(request), ledger=chosen, page=page))
    total = _("共 %(count)s 户") % {"count": f"{found.total:,}"}
    context = {
        "frame": frame(request, "/ledgers", now),
        "found": found,
        "chosen": chosen,
        "ledgers": tuple(FilterChoice(one.value, one.label) for one in found.ledgers),
        "rows": tuple(
            (row, named(row.ledger, row.per), yuan(row.balance), when.when(row.last_at, now) if row.last_at else "")
            for row in found.rows
        ),
        "sum": yuan(found.sum) if found.sum is not None else "",
        "total_text": total,
        "pager": pager(total, found.page, found.pages),
    }
    return render(request, "ledgers/list.html", context)


@require_safe
@signed_in
def account_view(request: HttpRequest, account_id: UUID) -> HttpResponse:
    now = clock.now()
    page = whole(request.GET.get("page", ""), 1)
    found = spoken(account_page(actor=actor(request), ledger_account=account_id, page=page))
    total = _total(found.total)
    context = {
        "frame": frame(request, "/ledgers", now),
        "found": found,
        "name": named(found.account.ledger, found.account.per),
        "balance": yuan(found.account.balance),
        "elsewhere": yuan(found.elsewhere) if found.elsewhere is not None else "",
        "rows": tuple(
            (row, entered(row.what, corrects=row.corrects), yuan(row.amount), _after(row), when.when(row.at, now))
            for row in found.rows
        ),
        "total_text": total,
        "pager": pager(total, found.page, found.pages),
    }
    return render(request, "ledgers/account.html", context)


@require_safe
@signed_in
def export_accounts(request: HttpRequest) -> HttpResponse:
    """Without names, rooms and subjects of cases: nothing of it is personal, so no record is kept."""
    now, who = clock.now(), actor(request)
    found = spoken(account_export(actor=who, ledger=_chosen(request), most=MOST_EXPORTED))
    content = _written(found, company=frame(request, "", now).organisation, by=who.name, at=now)
    return answer(content, _("台账"), when.local(now).date().isoformat())


def _after(row: EntryRow) -> str:
    return "" if row.balance is None else yuan(row.balance)


def _chosen(request: HttpRequest) -> str:
    return request.GET.get("ledger", "").replace("\x00", "")[:_LONGEST]


def _total(count: int) -> str:
    return _("共 %(count)s 条") % {"count": f"{count:,}"}


def _written(found: AccountExport, *, company: str, by: str, at: datetime) -> bytes:
    book = Book(at)
    said = _("%(company)s · %(by)s 导出于 %(at)s") % {"company": company, "by": by, "at": when.stamp(at)}
    accounts = book.sheet(_("余额"), _ACCOUNT_WIDTHS, repeat=_HEAD_ROWS)
    accounts.row([_("台账余额")], "title")
    accounts.row([said], "note")
    accounts.row([_("台账"), _("户"), _("所属"), _("余额（元）"), _("笔数"), _("最近一笔")], "head")
    for one in found.accounts:
        whose: list[Value] = [one.ledger, " · ".join(one.per), one.root]
        accounts.row([*whose, float(one.balance), one.entries, one.last_at], _ACCOUNT_LOOKS)
    entries = book.sheet(_("明细"), _ENTRY_WIDTHS, repeat=_HEAD_ROWS)
    entries.row([_("台账明细")], "title")
    cut = _("，只有前 %(most)s 笔") % {"most": f"{MOST_EXPORTED:,}"} if found.is_cut else ""
    entries.row([_("只有您看得到的诉件的各笔%(cut)s") % {"cut": cut}], "note")
    heads = [_("台账"), _("户"), _("诉件"), _("时间"), _("项目"), _("事项"), _("金额（元）"), _("之后余额（元）")]
    entries.row(heads, "head")
    for account, row in found.entries:
        done = entered(row.what, corrects=row.corrects)
        place: list[Value] = [account.ledger, " · ".join(account.per), row.number, row.at, row.unit, done]
        entries.row([*place, float(row.amount), None if row.balance is None else float(row.balance)], _ENTRY_LOOKS)
    return book.close()
