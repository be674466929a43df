"""导入: a file of rooms and customers is sent, and its result shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kesu.access.permissions import Permission
from kesu.commands.customers.import_house import import_house
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.customers.import_runs import import_run, import_runs
from kesu.queries.estate.projects import projects
from kesu.web import sentences, when
from kesu.web.customers.sheets import SHEETS, error_book, read_house, said, template
from kesu.web.joining import strung
from kesu.web.session import actor, frame, signed_in
from kesu.web.sheets import answer

_SHOWN: Final = 200


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
        "runs": tuple((one, when.stamp(one.at), _outcome(one.counts)) for one in runs),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "customers/import.html", context, status=refused.status if refused else 200)


def _imported(request: HttpRequest) -> UUID:
    file = request.FILES.get("file")
    lines = read_house(file)
    return import_house(
        actor=actor(request),
        at=clock.now(),
        name=file.name or "" if file else "",
        digest=hashlib.sha256(b"".join(file.chunks()) if file else b"").hexdigest(),
        rooms=lines["rooms"],
        customers=lines["customers"],
    )


def _outcome(counts: Mapping[str, Any]) -> str:
    if "wrong" in counts:
        return _("有 %(count)s 处不对，没有写入") % {"count": f"{counts['wrong']:,}"}
    told = (
        _("%(sheet)s：新 %(new)s，改 %(changed)s，没有变化 %(same)s")
        % {"sheet": SHEETS[sheet], **{name: f"{count:,}" for name, count in one.items()}}
        for sheet, one in counts.items()
        if any(one.values())
    )
    return strung(told)


@require_safe
@signed_in
def import_run_view(request: HttpRequest, run_id: UUID) -> HttpResponse:
    page = import_run(actor=actor(request), run_id=run_id)
    context = {
        "frame": frame(request, "/customers", clock.now()),
        "line": page.line,
        "at": when.stamp(page.line.at),
        "outcome": _outcome(page.line.counts),
        "errors": tuple(map(said, page.errors[:_SHOWN])),
        "more": max(0, len(page.errors) - _SHOWN),
    }
    return render(request, "customers/import_run.html", context)


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
