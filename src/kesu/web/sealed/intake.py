"""A report by letter, visit or telephone is taken in under seal. For whoever no policy names, this address is like any
that never was; nothing is drafted, previewed or remembered on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kesu.access.openings import IntakePage
from kesu.commands.sealed.take_in_report import take_in_report
from kesu.core import clock
from kesu.core.errors import Forbidden, NotNow, Refused, Unacceptable
from kesu.queries.sealed.sealed_intake import sealed_intake, sealed_opening
from kesu.web import sentences, subjects
from kesu.web.cases.drawing import lacking, reasons, refs_by_id
from kesu.web.forms import Given, draw, read_form
from kesu.web.heard import heard_at
from kesu.web.openings import chosen, drawn_form, form_token
from kesu.web.public.told import headline, telling_off
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_ADDRESS: Final = "/sealed/new"


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
            token=form_token(request),
            subject=said,
        )
    except (Forbidden, NotNow, Unacceptable) as refused:
        return _draw(request, _page_of(request, at), at, read.typed, sentences.field_errors(refused), refused)
    return render(request, "sealed/taken_in.html", {"frame": frame(request, _ADDRESS, at), "code": code})


def _page_of(request: HttpRequest, at: datetime) -> IntakePage:
    return spoken(sealed_intake(actor=actor(request), at=at, **chosen(request)))


def _draw(
    request: HttpRequest,
    page: IntakePage,
    at: datetime,
    typed: Given,
    errors: Mapping[str, str],
    refused: Refused | None,
) -> HttpResponse:
    form = page.form
    found = refused.data.get("refusals", ()) if refused else ()
    context = {
        **drawn_form(request, _ADDRESS, page, at, typed, errors),
        "fields": draw(form.fields, typed, errors, refs_by_id(form.policy_hash, form.clause_names)) if form else (),
        "refused_title": headline(refused) if refused else "",
        "refused_says": reasons(telling_off(found), refs_by_id(form.policy_hash, form.clause_names)) if form else (),
        "refused_lines": lacking(found, errors),
    }
    return render(request, "sealed/intake.html", context, status=refused.status if refused else 200)
