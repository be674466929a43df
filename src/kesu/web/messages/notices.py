"""通知: what the reader was told, and the bell that says so while a page is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.messages.read_notices import read_notices
from kesu.core import clock
from kesu.queries.work.notices import NoticeLine, notices, unread
from kesu.web.forms import figure
from kesu.web.fragments import fragment
from kesu.web.links import case_url
from kesu.web.marks import ClauseRef
from kesu.web.messages.wording import in_words, language
from kesu.web.session import actor, bell_text, frame, signed_in
from kesu.web.work.lines import refs

_FRESH: Final = timedelta(seconds=25)
"""A little longer than from one question of the bell to the next: nothing new is passed over."""


@dataclass(frozen=True, slots=True)
class NoticePart:
    line: NoticeLine
    what: str
    url: str
    clauses: tuple[ClauseRef, ...]


def _parts(lines: tuple[NoticeLine, ...]) -> tuple[NoticePart, ...]:
    worded = ((line, in_words(line.letter)) for line in lines)
    return tuple(NoticePart(line, words.subject, words.link, refs(line.citations)) for line, words in worded)


@require_safe
@signed_in
def notice_list(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    before = figure(request.GET.get("before", ""), 0) or None
    page = notices(actor=actor(request), language=language(), older_than=before)
    shown = {"parts": _parts(page.lines), "before": page.before, "now": at}
    return render(request, "messages/notices.html", {"frame": frame(request, "/notices", at), **shown})


@require_safe
@signed_in
def notices_live(request: HttpRequest) -> HttpResponse:
    """The bell with its count, and what has just come."""
    found = unread(actor=actor(request), language=language(), since=clock.now() - _FRESH)
    return fragment(request, "base/_bell.html", {"bell": bell_text(found.count), "fresh": _parts(found.newest)})


@require_POST
@signed_in
def notices_read(request: HttpRequest) -> HttpResponse:
    """One that he opens leads to where it speaks of; without any, all of his are read."""
    given = request.POST.getlist("notice")[:1]
    ids = [figure(one) for one in given] if given else None
    case = read_notices(actor=actor(request), at=clock.now(), ids=ids)
    if case is not None:
        return redirect(case_url(case))
    return redirect("notices")
