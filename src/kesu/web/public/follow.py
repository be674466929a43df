"""The customer follows his own case, writes to us, and takes the steps that the policy leaves to him."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.access.sight.gone_on import GoneOnLine
from kesu.commands.cases.add_words import add_words
from kesu.commands.cases.note_reading import note_reading
from kesu.commands.cases.take_public_step import take_public_step
from kesu.core import clock
from kesu.core.errors import Refused
from kesu.queries.public.follow_page import Entry, EntryKind, FollowPage, follow_page, public_step
from kesu.web import sentences, when
from kesu.web.forms import draw_for_outsider
from kesu.web.parts import PhoneStep, StagePart
from kesu.web.public import outsider
from kesu.web.public.answers import unkept
from kesu.web.words import spoken

_PROGRESS: Final = 5


@require_safe
@unkept
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    now = clock.now()
    if request.method == "GET":
        with suppress(DatabaseError):  # what can be read is shown, also where nothing can be kept
            note_reading(at=now, secret=secret)
    return _page(request, secret, now)


def _page(
    request: HttpRequest, secret: str, now: datetime, *, words: str = "", refused: Refused | None = None
) -> HttpResponse:
    page = spoken(follow_page(at=now, secret=secret))
    context = {
        "page": page,
        "secret": secret,
        "promise": _promise(page, now),
        "promised_since": _promised_since(page),
        "stages": few([(stage.name, stage.state) for stage in page.stages]),
        "entries": tuple(
            _entry(entry, now, is_newest=i == 0 and not page.is_final) for i, entry in enumerate(page.entries)
        ),
        "there": tuple(_there(one, now) for one in page.goes_on.lines) if page.goes_on else (),
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
    told = [
        sentences.promise(one.text, one.due_at, now, page.number, provisional=one.is_provisional)
        for one in page.promises
    ]
    for one in page.answers:
        if one.due_at is not None:
            late = now > one.due_at
            due = when.due(one.due_at, now, provisional=one.is_provisional)
            sentence = _("%(what)s本该 %(due)s 前给您，我们晚了") if late else _("最迟 %(due)s 给您%(what)s")
            told.append(sentence % {"what": one.text, "due": due})
    return told[0] if told else ""


def _promised_since(page: FollowPage) -> str:
    """The day that somebody promised him since, in a message."""
    if page.answer_by is None or page.today is None:
        return ""
    day = {"day": when.day(page.answer_by, page.today)}
    if page.answer_by < page.today:
        return _("我们说好 %(day)s 前给您答复，又过了。请给我们留言") % day
    return _("我们说好 %(day)s 前给您答复") % day


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


def _there(line: GoneOnLine, now: datetime) -> PhoneStep:
    """Something of the case in which his goes on."""
    title = str(_SAID[EntryKind.SENT]) if line.said else line.text
    return PhoneStep(title, "done", when.when(line.at, now), line.text if line.said else "")


def _again(request: HttpRequest, secret: str, words: str, refused: Refused) -> HttpResponse:
    return _page(request, secret, clock.now(), words=words, refused=refused)


_DOOR: Final = outsider.Door("public-follow", _again, add_words, public_step, take_public_step, draw_for_outsider)


@require_POST
@unkept
def write(request: HttpRequest, secret: str) -> HttpResponse:
    return outsider.write(_DOOR, request, secret)


@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def step(request: HttpRequest, secret: str, step: str) -> HttpResponse:
    return outsider.step(_DOOR, request, secret, step)
