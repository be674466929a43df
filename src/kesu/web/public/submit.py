"""A customer submits something from his phone: the place, what it is about, then one form drawn from the policy."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kesu.commands.cases.submit_case import submit_case
from kesu.core import clock
from kesu.core.errors import NotNow, TooMany, Unacceptable
from kesu.queries.public.opening_form import opening_form
from kesu.queries.public.submitted import submitted_page
from kesu.web import sentences, subjects
from kesu.web.forms import read_form
from kesu.web.public.answers import FORM_TOKEN, unkept
from kesu.web.public.opening import asks_subject, choose_place, form_page
from kesu.web.visitors import spend
from kesu.web.words import spoken


@require_safe
@unkept
def choose(request: HttpRequest) -> HttpResponse:
    return choose_place(request, is_sealed=False, form="public-form", template="public/choose.html")


@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def form(request: HttpRequest, unit_id: UUID, kind: str) -> HttpResponse:
    now, template = clock.now(), "public/submit.html"
    is_sent = request.method == "POST"
    subject = subjects.read(request.POST if is_sent else request.GET)
    opening = spoken(opening_form(at=now, unit_id=unit_id, kind=kind, is_sealed=False, subject=subject))
    if not is_sent:
        token = secrets.token_urlsafe(24)
        return asks_subject(opening, "public-submit") or form_page(request, template, opening, token)
    read = read_form(request, opening.fields)
    token = request.POST.get(FORM_TOKEN, "") or secrets.token_urlsafe(24)
    try:
        spend(request, "submit")
        done = submit_case(
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
    return redirect("public-submitted", done.secret)


@require_safe
@unkept
def submitted(request: HttpRequest, secret: str) -> HttpResponse:
    now = clock.now()
    page = spoken(submitted_page(at=now, secret=secret))
    promises = [
        sentences.promise(one.text, one.due_at, now, page.number, provisional=one.is_provisional)
        for one in page.promises
    ]
    link = request.build_absolute_uri(reverse("public-follow", args=[secret]))
    context = {"page": page, "promises": promises, "secret": secret, "link": link}
    return render(request, "public/submitted.html", context)
