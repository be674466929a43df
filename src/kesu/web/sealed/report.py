"""举报 from outside: the form, the receipt code shown once, and the status by code. No session, no address, no name."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kesu.commands.sealed.add_to_report import add_to_report
from kesu.commands.sealed.submit_report import submit_report
from kesu.core import clock
from kesu.core.errors import NotFound, NotNow, Refused, TooMany, Unacceptable
from kesu.queries.public.opening_form import opening_form
from kesu.queries.sealed.report_status import ReportStatus, ReportWords, report_status
from kesu.web import sentences, subjects, when
from kesu.web.forms import Given, draw_for_outsider, figure, read_form
from kesu.web.parts import PhoneStep
from kesu.web.public.answers import FORM_TOKEN, unkept
from kesu.web.public.follow import few
from kesu.web.public.opening import asks_subject, choose_place, form_page
from kesu.web.public.told import headline, refusal_lines
from kesu.web.visitors import spend
from kesu.web.words import spoken


@require_safe
@unkept
def choose(request: HttpRequest) -> HttpResponse:
    return choose_place(request, is_sealed=True, form="report-form", template="sealed/choose.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def form(request: HttpRequest, unit_id: UUID, kind: str) -> HttpResponse:
    """The answer to a report carries its code and is no redirect: the code stands in no address and no history."""
    now, template = clock.now(), "sealed/report.html"
    is_sent = request.method == "POST"
    subject = subjects.read(request.POST if is_sent else request.GET)
    opening = spoken(opening_form(at=now, unit_id=unit_id, kind=kind, is_sealed=True, subject=subject))
    if not is_sent:
        token = secrets.token_urlsafe(24)
        return asks_subject(opening, "report") or form_page(request, template, opening, token)
    read = read_form(request, opening.fields)
    token = request.POST.get(FORM_TOKEN, "") or secrets.token_urlsafe(24)
    try:
        spend(request, "report", read.uploads)
        receipt = submit_report(
            at=now,
            unit_id=unit_id,
            kind=kind,
            given=read.given,
            uploads=read.uploads,
            token=token,
            subject=subject,
        )
    except (NotNow, TooMany, Unacceptable) as refused:
        return form_page(request, template, opening, token, read.typed, refused)
    return render(request, "sealed/receipt.html", {"code": receipt.code, "opening": opening, "at": now})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def status(request: HttpRequest) -> HttpResponse:
    """The code is sent in the body, never in an address."""
    if request.method != "POST":
        return render(request, "sealed/status.html", {})
    typed = request.POST.get("code", "")
    code = typed.strip()
    try:
        spend(request, "report-status")
        found = spoken(report_status(at=clock.now(), code=code))
    except NotFound:
        said = _("没有这个回执码。请逐个核对，不分大小写，横线可以不写")
        return render(request, "sealed/status.html", {"code": typed, "error": said}, status=422)
    except TooMany as refused:
        said = sentences.reason(refused)
        return render(request, "sealed/status.html", {"code": typed, "error": said}, status=refused.status)
    return _status_page(request, found, code)


@sensitive_post_parameters()
@require_http_methods(["POST"])
@unkept
def add(request: HttpRequest, step: str) -> HttpResponse:
    """Adds what the policy lets a reporter add."""
    now, code = clock.now(), request.POST.get("code", "").strip()
    try:
        spend(request, "report-code")  # by itself: whoever tries codes here must not keep others from adding
    except TooMany as refused:
        said = sentences.reason(refused)
        return render(request, "sealed/status.html", {"code": code, "error": said}, status=refused.status)
    found = spoken(report_status(at=now, code=code))
    asked = next((one for one in found.steps if one.code == step), None)
    if asked is None:
        raise NotFound
    read = read_form(request, asked.fields)
    try:
        spend(request, "report-add", read.uploads)
        seen = figure(request.POST.get("said", ""))
        add_to_report(at=now, secret=code, step=step, given=read.given, uploads=read.uploads, seen=seen)
    except (NotNow, TooMany, Unacceptable) as refused:
        return _status_page(request, found, code, step=step, typed=read.typed, refused=refused)
    return _status_page(request, spoken(report_status(at=now, code=code)), code, done=asked.name)


def _status_page(
    request: HttpRequest,
    found: ReportStatus,
    code: str,
    *,
    step: str = "",
    typed: Given | None = None,
    refused: Refused | None = None,
    done: str = "",
) -> HttpResponse:
    now = clock.now()
    errors = sentences.field_errors(refused) if refused else {}
    last = len(found.moves) - 1
    forms = tuple(
        (one, draw_for_outsider(one.fields, *((typed or {}, errors) if one.code == step else ({}, {}))))
        for one in found.steps
    )
    context = {
        "found": found,
        "code": code,
        "said": found.said if refused is None else request.POST.get("said", ""),
        "stages": few(found.stages),
        "moves": tuple(
            PhoneStep(word, "current" if i == last and not found.is_final else "done", when.when(at, now))
            for i, (word, at) in reversed(tuple(enumerate(found.moves)))
        ),
        "words": tuple(_message(one, now) for one in reversed(found.words)),
        "forms": forms,
        "takes_files": any(field.control == "file" for _step, fields in forms for field in fields),
        "refused": headline(refused) if refused else "",
        "reasons": refusal_lines(refused, set(errors)) if refused else (),
        "done": done,
    }
    return render(request, "sealed/progress.html", context, status=refused.status if refused else 200)


def _message(one: ReportWords, now: datetime) -> PhoneStep:
    counted = ngettext("附 %(count)d 个文件", "附 %(count)d 个文件", one.files) % {"count": one.files}
    says = f"{one.text}\n{counted}" if one.files else one.text
    return PhoneStep(_("您") if one.is_own else _("来自承办人"), "done", when.when(one.at, now), says)
