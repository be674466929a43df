"""导入: a file of rooms and customers is sent, its progress and its result shown."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kesu.access.permissions import Permission
from kesu.commands.customers.send_house import send_house
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.customers.import_runs import ImportLine, import_run, import_runs
from kesu.queries.estate.projects import projects
from kesu.web import sentences, when
from kesu.web.customers.sheets import SHEETS, error_book, read_house, said, template
from kesu.web.joining import strung
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import answer

_SHOWN: Final = 200
_LOOK_AGAIN: Final = "2"
"""Seconds until a browser asks again how far it is."""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def import_view(request: HttpRequest) -> HttpResponse:
    runs = import_runs(actor=actor(request))
    refused = None
    if request.method == "POST":
        try:
            return redirect("customer-import-run", _imported(request))
        except Unacceptable as fault:
            refused = fault
    context = {
        "frame": frame(request, "/customers", clock.now()),
        "runs": tuple((one, when.stamp(one.at), _outcome(one)) for one in runs),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "customers/import.html", context, status=refused.status if refused else 200)


def _imported(request: HttpRequest) -> UUID:
    file = request.FILES.get("file")
    lines = read_house(file)
    return send_house(
        actor=actor(request),
        at=clock.now(),
        name=file.name or "" if file else "",
        digest=hashlib.sha256(b"".join(file.chunks()) if file else b"").hexdigest(),
        rooms=lines["rooms"],
        customers=lines["customers"],
    )


def _outcome(line: ImportLine) -> str:
    counts = line.counts
    if line.is_waiting:
        return _progress(line)
    if "refused" in counts:
        return _("没有导入：您已没有导入客户的权限，或账号已停用")
    if "failed" in counts:
        return _("没有导入：试了几次都没有做完，一行也没有写入。请再传一次；还不行，请联系系统管理员")
    if "wrong" in counts:
        return _("有 %(count)s 处不对，没有写入") % {"count": f"{counts['wrong']:,}"}
    told = (
        _("%(sheet)s：新 %(new)s，改 %(changed)s，没有变化 %(same)s")
        % {"sheet": SHEETS[sheet], **{name: f"{count:,}" for name, count in one.items()}}
        for sheet, one in counts.items()
        if any(one.values())
    )
    return strung(told)


def _progress(line: ImportLine) -> str:
    if line.done >= line.total:
        return _("全部检查完了，正在写入")
    if line.done:
        return _("正在检查：%(done)s / %(total)s 行") % {"done": f"{line.done:,}", "total": f"{line.total:,}"}
    return _("等候检查：%(total)s 行") % {"total": f"{line.total:,}"}


@require_safe
@signed_in
def import_run_view(request: HttpRequest, run_id: UUID) -> HttpResponse:
    page = import_run(actor=actor(request), run_id=run_id)
    context = {
        "frame": frame(request, "/customers", clock.now()),
        "line": page.line,
        "at": when.stamp(page.line.at),
        "outcome": _outcome(page.line),
        "percent": 100 * page.line.done // max(page.line.total, 1),
        "errors": tuple(map(said, page.errors[:_SHOWN])),
        "more": max(0, len(page.errors) - _SHOWN),
    }
    response = render(request, "customers/import_run.html", context)
    if page.line.is_waiting:
        response.headers["Refresh"] = _LOOK_AGAIN
    return response


@require_safe
@signed_in
def import_errors(request: HttpRequest, run_id: UUID) -> HttpResponse:
    page = import_run(actor=actor(request), run_id=run_id)
    content = error_book(page.line.at, page.line.name, page.errors)
    return answer(content, _("错误清单"), when.local(page.line.at).date().isoformat())


@require_safe
@signed_in
def import_template(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    names = [name for _id, name in projects(actor=actor(request), needs=Permission.CUSTOMER_IMPORT)]
    return answer(template(now, names), _("房产和客户模板"), when.local(now).date().isoformat())
