"""What somebody outside of the house does behind a link of his own: he writes to us and takes the steps that are his.
The customer and the outside party differ in what they see; these two acts are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kesu.access.sight.outside import OutsideStep
from kesu.core import clock
from kesu.core.errors import NotNow, Refused, TooMany, Unacceptable
from kesu.web import sentences
from kesu.web.fields import Field
from kesu.web.forms import Given, read_form
from kesu.web.public.answers import FORM_TOKEN
from kesu.web.public.told import headline, refusal_lines
from kesu.web.visitors import spend
from kesu.web.words import spoken

CONFIRMED: Final = "confirmed"
"""The box that is ticked before a step by which the case ends."""


@dataclass(frozen=True, slots=True)
class Door:
    """`page`: the name of the address behind the link; `shown`: draws it again with words that were refused."""

    page: str
    shown: Callable[[HttpRequest, str, str, Refused], HttpResponse]
    add_words: Callable[..., None]
    step: Callable[..., OutsideStep]
    take_step: Callable[..., None]
    draw: Callable[..., tuple[Field, ...]]


def handed_in(name: str) -> str:
    return _("已提交：%(step)s") % {"step": name}


def write(door: Door, request: HttpRequest, secret: str) -> HttpResponse:
    words, token = request.POST.get("text", ""), request.POST.get(FORM_TOKEN, "")
    try:
        spend(request, "words")
        door.add_words(at=clock.now(), secret=secret, text=words, token=token)
    except (NotNow, TooMany, Unacceptable) as refused:
        return door.shown(request, secret, words, refused)
    messages.success(request, _("已送到。回复会出现在这一页"))
    return redirect(door.page, secret)


def step(door: Door, request: HttpRequest, secret: str, code: str) -> HttpResponse:
    now = clock.now()
    try:
        asked = spoken(door.step(at=now, secret=secret, step=code))
    except NotNow as refused:
        if request.method == "POST" or refused.reason != "step_gone":
            raise  # with what he wrote: perhaps the same form was sent before
        return redirect(door.page, secret)
    if request.method != "POST":
        return _form(door, request, secret, asked, {}, None)
    read, token = read_form(request, asked.fields), request.POST.get(FORM_TOKEN, "")
    try:
        if read.errors:
            raise Unacceptable("unreadable", data={"fields": {}, "refusals": ()})
        if asked.ends and request.POST.get(CONFIRMED) != "yes":
            raise Unacceptable("not_confirmed", data={"fields": {}, "refusals": ()})
        spend(request, "step")
        door.take_step(at=now, secret=secret, step=code, given=read.given, uploads=read.uploads, token=token)
    except (NotNow, TooMany, Unacceptable) as refused:
        return _form(door, request, secret, asked, read.typed, refused, read.errors)
    messages.success(request, handed_in(asked.name))
    return redirect(door.page, secret)


def _form(
    door: Door,
    request: HttpRequest,
    secret: str,
    asked: OutsideStep,
    typed: Given,
    refused: Refused | None,
    found: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    errors = {**sentences.field_errors(refused), **found} if refused else {}
    context = {
        "back": reverse(door.page, args=[secret]),
        "step": asked,
        "fields": door.draw(asked.fields, typed, errors),
        "unconfirmed": refused is not None and refused.reason == "not_confirmed",
        "refused": headline(refused) if refused else "",
        "reasons": refusal_lines(refused, set(errors)) if refused else (),
    }
    return render(request, "public/step.html", context, status=refused.status if refused else 200)
