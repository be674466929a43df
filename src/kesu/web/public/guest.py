"""An outside party sees his part of one case, writes to us, and takes the steps that the policy leaves to his role."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.access.sight.outside import OutsideStep
from kesu.commands.cases.open_as_guest import open_as_guest
from kesu.commands.cases.take_step_as_guest import take_step_as_guest
from kesu.commands.cases.write_as_guest import write_as_guest
from kesu.core import clock
from kesu.core.errors import NotNow, Refused, TooMany, Unacceptable
from kesu.queries.public.guest_page import GuestEntry, guest_page, guest_step
from kesu.web import sentences, when
from kesu.web.forms import Given, draw, read_form
from kesu.web.parts import PhoneStep
from kesu.web.public.answers import FORM_TOKEN, unkept
from kesu.web.public.told import headline, refusal_lines
from kesu.web.visitors import spend
from kesu.web.words import spoken


@require_safe
@unkept
def part(request: HttpRequest, secret: str) -> HttpResponse:
    now = clock.now()
    open_as_guest(at=now, secret=secret)
    return _page(request, secret, now)


def _page(
    request: HttpRequest, secret: str, now: datetime, *, words: str = "", refused: Refused | None = None
) -> HttpResponse:
    page = spoken(guest_page(at=now, secret=secret))
    context = {
        "page": page,
        "secret": secret,
        "ends": when.last_date(page.ends_at).isoformat(),
        "entries": tuple(_entry(entry, now, is_newest=i == 0) for i, entry in enumerate(page.entries)),
        "words": words,
        "words_error": sentences.reason(refused) if refused else "",
    }
    return render(request, "public/guest.html", context, status=refused.status if refused else 200)


def _entry(entry: GuestEntry, now: datetime, *, is_newest: bool) -> PhoneStep:
    if entry.is_step:
        title, text = _handed_in(entry.text), ""
    else:
        title, text = _("您写的话") if entry.is_own else _("我们给您的消息"), entry.text
    return PhoneStep(title, "current" if is_newest else "done", when.when(entry.at, now), text)


def _handed_in(name: str) -> str:
    return _("已提交：%(step)s") % {"step": name}


@require_POST
@unkept
def write(request: HttpRequest, secret: str) -> HttpResponse:
    now, words = clock.now(), request.POST.get("text", "")
    try:
        spend(request, "words")
        write_as_guest(at=now, secret=secret, text=words, token=request.POST.get(FORM_TOKEN, ""))
    except (TooMany, Unacceptable) as refused:
        return _page(request, secret, now, words=words, refused=refused)
    messages.success(request, _("已送到。回复会出现在这一页"))
    return redirect("guest", secret)


@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def step(request: HttpRequest, secret: str, step: str) -> HttpResponse:
    now = clock.now()
    try:
        asked = spoken(guest_step(at=now, secret=secret, step=step))
    except NotNow as refused:
        if request.method == "POST" or refused.reason != "step_gone":
            raise
        return redirect("guest", secret)
    if request.method != "POST":
        return _step_page(request, secret, asked, {}, None)
    read = read_form(request, asked.fields)
    try:
        spend(request, "step")
        token = request.POST.get(FORM_TOKEN, "")
        take_step_as_guest(at=now, secret=secret, step=step, given=read.given, uploads=read.uploads, token=token)
    except (NotNow, TooMany, Unacceptable) as refused:
        return _step_page(request, secret, asked, read.typed, refused)
    messages.success(request, _handed_in(asked.name))
    return redirect("guest", secret)


def _step_page(
    request: HttpRequest, secret: str, asked: OutsideStep, typed: Given, refused: Refused | None
) -> HttpResponse:
    errors = sentences.field_errors(refused) if refused else {}
    context = {
        "back": reverse("guest", args=[secret]),
        "step": asked,
        "fields": draw(asked.fields, typed, errors),
        "refused": headline(refused) if refused else "",
        "reasons": refusal_lines(refused, set(errors)) if refused else (),
    }
    return render(request, "public/step.html", context, status=refused.status if refused else 200)
