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
from kesu.core.errors import NotNow, Refused, Unacceptable
from kesu.queries.public.opening_form import OpeningForm, opening_form
from kesu.queries.public.places import places
from kesu.queries.public.submitted import submitted_page
from kesu.web import sentences
from kesu.web.forms import Given, draw_for_outsider, read_form
from kesu.web.public.answers import FORM_TOKEN, unkept
from kesu.web.public.told import headline, refusal_lines


@require_safe
@unkept
def choose(request: HttpRequest) -> HttpResponse:
    """One question a screen; a question with one answer is not asked."""
    found = places(at=clock.now(), is_sealed=False)
    chosen = next((place for place in found if place.id.hex == request.GET.get("place")), None)
    if chosen is None and len(found) == 1:
        chosen = found[0]
    if chosen is not None and len(chosen.kinds) == 1:
        return redirect("public-form", chosen.id, chosen.kinds[0].code)
    return render(request, "public/choose.html", {"places": found, "chosen": chosen})


@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def form(request: HttpRequest, unit_id: UUID, kind: str) -> HttpResponse:
    now = clock.now()
    opening = opening_form(at=now, unit_id=unit_id, kind=kind, is_sealed=False)
    if request.method != "POST":
        return _page(request, opening, secrets.token_urlsafe(24), {}, None)
    read = read_form(request, opening.fields)
    token = request.POST.get(FORM_TOKEN, "") or secrets.token_urlsafe(24)
    try:
        done = submit_case(at=now, unit_id=unit_id, kind=kind, given=read.given, uploads=read.uploads, token=token)
    except (NotNow, Unacceptable) as refused:
        return _page(request, opening, token, read.typed, refused)
    return redirect("public-submitted", done.secret)


def _page(
    request: HttpRequest, opening: OpeningForm, token: str, typed: Given, refused: Refused | None
) -> HttpResponse:
    errors = sentences.field_errors(refused) if refused else {}
    context = {
        "opening": opening,
        "fields": draw_for_outsider(opening.fields, typed, errors),
        "token": token,
        "refused": headline(refused) if refused else "",
        "reasons": refusal_lines(refused, set(errors)) if refused else (),
    }
    return render(request, "public/submit.html", context, status=refused.status if refused else 200)


@require_safe
@unkept
def submitted(request: HttpRequest, secret: str) -> HttpResponse:
    now = clock.now()
    page = submitted_page(at=now, secret=secret)
    promises = [sentences.promise(one.text, one.due_at, now, page.number) for one in page.promises]
    link = request.build_absolute_uri(reverse("public-follow", args=[secret]))
    context = {"page": page, "promises": promises, "secret": secret, "link": link}
    return render(request, "public/submitted.html", context)
