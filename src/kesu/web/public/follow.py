"""The customer follows his own case, writes to us, and takes the steps that the policy leaves to him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.access.sight.outside import OutsideStep
from kesu.commands.cases.add_words import add_words
from kesu.commands.cases.take_public_step import take_public_step
from kesu.core import clock
from kesu.core.errors import NotNow, Refused, TooMany, Unacceptable
from kesu.queries.public.follow_page import Entry, EntryKind, FollowPage, follow_page, public_step
from kesu.web import sentences, when
from kesu.web.forms import Given, draw_for_outsider, read_form
from kesu.web.parts import PhoneStep, StagePart
from kesu.web.public.answers import FORM_TOKEN, unkept
from kesu.web.public.told import headline, refusal_lines
from kesu.web.visitors import spend
from kesu.web.words import spoken

_PROGRESS: Final = 5


@require_safe
@unkept
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    return _page(request, secret, clock.now())


def _page(
    request: HttpRequest, secret: str, now: datetime, *, words: str = "", refused: Refused | None = None
) -> HttpResponse:
    page = spoken(follow_page(at=now, secret=secret))
    context = {
        "page": page,
        "secret": secret,
        "promise": _promise(page, now),
        "stages": few([(stage.name, stage.state) for stage in page.stages]),
        "entries": tuple(
            _entry(entry, now, is_newest=i == 0 and not page.is_final) for i, entry in enumerate(page.entries)
        ),
        "words": words,
        "words_error": sentences.reason(refused) if refused else "",
    }
    return render(request, "public/follow.html", context, status=refused.status if refused else 200)


def few(stages: Sequence[tuple[str, str]]) -> tuple[StagePart, ...]:
    """Of (word, state) pairs five at most, so that each word fits on a phone: the first, those around the present one,
    the last."""
    at = next((i for i, (_word, state) in enumerate(stages) if state == "current"), 0)
    kept = {0, at, len(stages) - 1}
    for i in (at + 1, at - 1, at + 2, at - 2, at + 3, at - 3):
        if len(kept) < _PROGRESS and 0 <= i < len(stages):
            kept.add(i)
    return tuple(StagePart(*stages[i]) for i in sorted(kept))


def _promise(page: FollowPage, now: datetime) -> str:
    """The next date that he can count on; nothing where the policy sets none."""
    told = [sentences.promise(one.text, one.due_at, now, page.number) for one in page.promises]
    for one in page.answers:
        if one.due_at is not None:
            late = now > one.due_at
            due = when.due(one.due_at, now)
            sentence = _("%(what)s本该 %(due)s 前给您，我们晚了") if late else _("最迟 %(due)s 给您%(what)s")
            told.append(sentence % {"what": one.text, "due": due})
    return told[0] if told else ""


_SAID: Final = {
    EntryKind.SENT: gettext_lazy("我们给您的消息"),
    EntryKind.OWN_WORDS: gettext_lazy("您写的话"),
    EntryKind.OWN_FILES: gettext_lazy("您提交的材料"),
}


def _entry(entry: Entry, now: datetime, *, is_newest: bool) -> PhoneStep:
    is_talk = entry.kind in {EntryKind.SENT, EntryKind.OWN_WORDS}
    title = str(_SAID.get(entry.kind) or entry.text)
    if entry.files:
        title = _("%(title)s（%(count)d 个文件）") % {"title": title, "count": entry.files}
    state = "current" if is_newest else "done"
    return PhoneStep(title, state, when.when(entry.at, now), entry.text if is_talk else "")


@require_POST
@unkept
def write(request: HttpRequest, secret: str) -> HttpResponse:
    now, words = clock.now(), request.POST.get("text", "")
    try:
        spend(request, "words")
        add_words(at=now, secret=secret, text=words, token=request.POST.get(FORM_TOKEN, ""))
    except (TooMany, Unacceptable) as refused:
        return _page(request, secret, now, words=words, refused=refused)
    messages.success(request, _("已送到。回复会出现在这一页"))
    return redirect("public-follow", secret)


@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def step(request: HttpRequest, secret: str, step: str) -> HttpResponse:
    now = clock.now()
    try:
        asked = spoken(public_step(at=now, secret=secret, step=step))
    except NotNow:
        if request.method == "POST":
            raise  # with what he wrote: perhaps the same form was sent before
        return redirect("public-follow", secret)
    if request.method != "POST":
        return _step_page(request, secret, asked, {}, None)
    read = read_form(request, asked.fields)
    try:
        spend(request, "step")
        token = request.POST.get(FORM_TOKEN, "")
        take_public_step(at=now, secret=secret, step=step, given=read.given, uploads=read.uploads, token=token)
    except (NotNow, TooMany, Unacceptable) as refused:
        return _step_page(request, secret, asked, read.typed, refused)
    messages.success(request, _("已提交：%(step)s") % {"step": asked.name})
    return redirect("public-follow", secret)


def _step_page(
    request: HttpRequest, secret: str, asked: OutsideStep, typed: Given, refused: Refused | None
) -> HttpResponse:
    errors = sentences.field_errors(refused) if refused else {}
    context = {
        "back": reverse("public-follow", args=[secret]),
        "step": asked,
        "fields": draw_for_outsider(asked.fields, typed, errors),
        "refused": headline(refused) if refused else "",
        "reasons": refusal_lines(refused, set(errors)) if refused else (),
    }
    return render(request, "public/step.html", context, status=refused.status if refused else 200)
