"""A report by letter, visit or telephone is taken in under seal. For whoever no policy names, this address is like any
that never was; nothing is drafted, previewed or remembered on the way."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kesu.access.openings import IntakePage, OpeningForm
from kesu.commands.sealed.take_in_report import take_in_report
from kesu.core import clock
from kesu.core.errors import Forbidden, NotNow, Refused, Unacceptable
from kesu.queries.sealed.sealed_intake import sealed_intake, sealed_opening
from kesu.web import sentences, subjects
from kesu.web.cases.drawing import lacking, reasons, refs, refs_by_id
from kesu.web.forms import Given, draw, read_form
from kesu.web.heard import drawn, heard_at
from kesu.web.public.told import headline, telling_off
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken


@sensitive_post_parameters()
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sealed_new(request: HttpRequest) -> HttpResponse:
    """The answer to a report carries its code and is no redirect: the code stands in no address and no history."""
    at = clock.now()
    if request.method != "POST":
        return _draw(request, _page_of(request, at), at, {}, {}, None)
    unit, kind = request.POST.get("unit", ""), request.POST.get("kind", "")
    said = subjects.read(request.POST)
    form = sealed_opening(actor=actor(request), at=at, unit=unit, kind=kind, subject=said)
    read = read_form(request, form.fields)
    try:
        code = take_in_report(
            actor=actor(request),
            at=at,
            happened_at=heard_at(request, at),
            unit_id=form.unit_id,
            kind=kind,
            given=read.given,
            uploads=read.uploads,
            token=request.POST.get("token", "") or secrets.token_urlsafe(24),
            subject=said,
        )
    except (Forbidden, NotNow, Unacceptable) as refused:
        return _draw(request, _page_of(request, at), at, read.typed, sentences.field_errors(refused), refused)
    return render(request, "sealed/taken_in.html", {"frame": frame(request, "/sealed/new", at), "code": code})


def _page_of(request: HttpRequest, at: datetime) -> IntakePage:
    is_sent = request.method == "POST"
    asked = request.POST if is_sent else request.GET
    page = sealed_intake(
        actor=actor(request),
        at=at,
        unit=asked.get("unit", ""),
        kind=asked.get("kind", ""),
        subject=subjects.read(asked),
        is_sent=is_sent,
    )
    return spoken(page)


def _draw(
    request: HttpRequest,
    page: IntakePage,
    at: datetime,
    typed: Given,
    errors: Mapping[str, str],
    refused: Refused | None,
) -> HttpResponse:
    form = page.form
    context = {
        "frame": frame(request, "/sealed/new", at),
        "intake": page,
        "form": form,
        "subjects": tuple(subjects.choices(page.subjects, form.subject if form and not form.subjects else None)),
        "subject_name": subjects.NAME,
        "token": request.POST.get("token", "") or secrets.token_urlsafe(24),
        "refused_title": headline(refused) if refused else "",
        **drawn(request, at, form.backdate_days if form else None, errors),
        **(_of_form(form, typed, errors, refused) if form else {}),
    }
    return render(request, "sealed/intake.html", context, status=refused.status if refused else 200)


def _of_form(form: OpeningForm, typed: Given, errors: Mapping[str, str], refused: Refused | None) -> dict[str, object]:
    cited = refs_by_id(form.policy_hash, form.clause_names)
    found = refused.data.get("refusals", ()) if refused else ()
    return {
        "subject_field": subjects.field(form.subjects, errors.get(subjects.NAME, "")),
        "subject_said": subjects.written(form.subject) if form.says_subject else "",
        "fields": draw(form.fields, typed, errors, cited),
        "guidance": [(one.text, refs(form.policy_hash, one.clauses)) for one in form.guidance],
        "refused_says": reasons(telling_off(found), cited),
        "refused_lines": lacking(found, errors),
    }
