"""An outside party sees his part of one case, writes to us, and takes the steps that the policy leaves to his role."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.commands.cases.open_as_guest import open_as_guest
from kesu.commands.cases.take_step_as_guest import take_step_as_guest
from kesu.commands.cases.write_as_guest import write_as_guest
from kesu.core import clock
from kesu.core.errors import Refused
from kesu.queries.public.guest_page import GuestEntry, guest_page, guest_step
from kesu.web import sentences, when
from kesu.web.forms import draw
from kesu.web.parts import PhoneStep
from kesu.web.public import outsider
from kesu.web.public.answers import unkept
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
        title, text = outsider.handed_in(entry.text), ""
    else:
        title, text = _("您写的话") if entry.is_own else _("我们给您的消息"), entry.text
    return PhoneStep(title, "current" if is_newest else "done", when.when(entry.at, now), text)


def _again(request: HttpRequest, secret: str, words: str, refused: Refused) -> HttpResponse:
    return _page(request, secret, clock.now(), words=words, refused=refused)


_DOOR: Final = outsider.Door("guest", _again, write_as_guest, guest_step, take_step_as_guest, draw)


@require_POST
@unkept
def write(request: HttpRequest, secret: str) -> HttpResponse:
    return outsider.write(_DOOR, request, secret)


@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def step(request: HttpRequest, secret: str, step: str) -> HttpResponse:
    return outsider.step(_DOOR, request, secret, step)
