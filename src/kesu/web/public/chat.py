"""在线咨询: the first message opens a case through the door of the public page; then words go both ways on one page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.commands.cases.add_words import add_words
from kesu.commands.cases.note_reading import note_reading
from kesu.commands.cases.submit_case import submit_case
from kesu.core import clock
from kesu.core.errors import NotNow, Refused, TooMany, Unacceptable
from kesu.queries.public.chat_page import ChatPage, Said, chat_page
from kesu.queries.public.opening_form import OpeningForm, opening_form
from kesu.web import sentences, subjects, when
from kesu.web.forms import Given, read_form
from kesu.web.fragments import fragment
from kesu.web.public.answers import FORM_TOKEN, unkept
from kesu.web.public.opening import asks_subject, choose_place, form_page
from kesu.web.visitors import spend
from kesu.web.words import spoken

_TITLE: Final = 30
"""Signs of the first message that the case is called by."""
_ENDS: Final = "。！？!?\n"


@require_safe
@unkept
def choose(request: HttpRequest) -> HttpResponse:
    return choose_place(request, is_sealed=False, is_chat=True, form="chat-start", template="public/chat_choose.html")


@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def start(request: HttpRequest, unit_id: UUID, kind: str) -> HttpResponse:
    now = clock.now()
    is_sent = request.method == "POST"
    subject = subjects.read(request.POST if is_sent else request.GET)
    found = spoken(opening_form(at=now, unit_id=unit_id, kind=kind, is_sealed=False, subject=subject, is_chat=True))
    asked = _asked(found)
    if not is_sent:
        token = secrets.token_urlsafe(24)
        return asks_subject(found, "chat") or form_page(request, "public/chat_start.html", asked, token)
    read = read_form(request, asked.fields)
    token = request.POST.get(FORM_TOKEN, "") or secrets.token_urlsafe(24)
    try:
        spend(request, "submit")
        given = _titled(read.given, found)
        done = submit_case(
            at=now,
            unit_id=unit_id,
            kind=kind,
            given=given,
            uploads=read.uploads,
            token=token,
            subject=subject,
            is_chat=True,
        )
    except (NotNow, TooMany, Unacceptable) as refused:
        return form_page(request, "public/chat_start.html", asked, token, read.typed, refused)
    return redirect("chat-talk", done.secret)


def _asked(found: OpeningForm) -> OpeningForm:
    """Only what the policy must know before it takes the case, the message last; everything else is asked in the
    conversation. A message needs no title of its own."""
    needed = [one for one in found.fields if one.is_required and one.code != found.words_fact]
    if found.words_fact != found.title_fact:
        needed = [one for one in needed if one.code != found.title_fact]
    return replace(found, fields=(*needed, *(one for one in found.fields if one.code == found.words_fact)))


def _titled(given: Given, found: OpeningForm) -> Given:
    if found.title_fact == found.words_fact:
        return given
    words = " ".join(given.get(found.words_fact, ())).strip()
    ends = [at for at in (words.find(sign) for sign in _ENDS) if at > 0]
    first = words[: min(ends, default=len(words))].strip()
    title = first if len(first) <= _TITLE else f"{first[:_TITLE]}…"
    return {**given, found.title_fact: (title,)}


@require_safe
@unkept
def talk(request: HttpRequest, secret: str) -> HttpResponse:
    now = clock.now()
    if request.method == "GET":
        with suppress(DatabaseError):  # what can be read is shown, also where nothing can be kept
            note_reading(at=now, secret=secret)
    return _page(request, secret, now)


@require_safe
@unkept
def live(request: HttpRequest, secret: str) -> HttpResponse:
    now = clock.now()
    return fragment(request, "public/_chat.html", _shown(spoken(chat_page(at=now, secret=secret)), secret, now))


@require_POST
@unkept
def write(request: HttpRequest, secret: str) -> HttpResponse:
    now, words = clock.now(), request.POST.get("text", "")
    try:
        spend(request, "words")
        add_words(at=now, secret=secret, text=words, token=request.POST.get(FORM_TOKEN, ""))
    except (NotNow, TooMany, Unacceptable) as refused:
        return _page(request, secret, now, words, refused)
    return redirect(f"{reverse('chat-talk', args=[secret])}#newest")


def _page(
    request: HttpRequest, secret: str, now: datetime, words: str = "", refused: Refused | None = None
) -> HttpResponse:
    page = spoken(chat_page(at=now, secret=secret))
    context = {
        **_shown(page, secret, now),
        "words": words,
        "words_error": sentences.reason(refused) if refused else "",
        "link": request.build_absolute_uri(reverse("chat-talk", args=[secret])),
    }
    return render(request, "public/chat.html", context, status=refused.status if refused else 200)


def _shown(page: ChatPage, secret: str, now: datetime) -> Mapping[str, object]:
    promises = [
        sentences.promise(one.text, one.due_at, now, page.number, provisional=one.is_provisional)
        for one in page.promises
    ]
    said: list[tuple[Said, str]] = [(one, when.when(one.at, now)) for one in page.said]
    return {"page": page, "secret": secret, "said": said, "promise": promises[0] if promises else ""}
