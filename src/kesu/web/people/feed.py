"""我的期限 for a calendar program (RFC 5545), behind a secret link that its owner makes and takes back."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from kesu.access.feeds import digest_of
from kesu.commands.people.end_feed import end_feed
from kesu.commands.people.make_feed import make_feed
from kesu.commands.people.note_told import note_told
from kesu.core import clock
from kesu.core.errors import NotFound, TooMany
from kesu.queries.people.feed import Feed, FeedLine
from kesu.queries.people.feed import feed as feed_by
from kesu.web import sentences, when
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, signed_in
from kesu.web.visitors import spend_reading
from kesu.web.words import spoken

if TYPE_CHECKING:
    from icalendar import Event

_SHOWN: Final = timedelta(minutes=15)
"""A deadline is drawn as the time before it, so that 24:00 stands on the day that it closes."""
_LOOK_AGAIN: Final = timedelta(minutes=30)
_MOST_SIGNS: Final = 64


@require_POST
@signed_in
@confirmed
@sensitive_variables("secret")
def made(request: HttpRequest) -> HttpResponse:
    """A new link, shown this once; the earlier one is good no more."""
    secret = make_feed(actor=actor(request), at=clock.now())
    address = settings.KESU_BASE_URL + reverse("feed", args=[secret])
    response = render(request, "people/feed.html", {"address": address})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def ended(request: HttpRequest) -> HttpResponse:
    end_feed(actor=actor(request), at=clock.now())
    return redirect("security")


@require_safe
@sensitive_variables("secret")
def read(request: HttpRequest, secret: str) -> HttpResponse:
    """What he owes and may see now. The same answer has the same tag and is not sent twice."""
    if len(secret) > _MOST_SIGNS:
        raise NotFound
    digest, now = digest_of(secret), clock.now()
    try:
        spend_reading(digest)
    except TooMany as refused:
        return HttpResponse(sentences.reason(refused), status=429, headers={"Retry-After": "900"})
    found = feed_by(digest=digest, at=now, on=when.local(now).date())
    with translation.override(found.language):
        content = _calendar(spoken(found))
    if found.has_news:
        note_told(account_id=found.account_id, digest=digest, told=found.told)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    is_known = tag in request.headers.get("If-None-Match", "")
    response = HttpResponse(b"" if is_known else content, status=304 if is_known else 200)
    response["Content-Type"] = "text/calendar; charset=utf-8"
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    response["X-Content-Type-Options"], response["Referrer-Policy"] = "nosniff", "no-referrer"
    return response


def _calendar(found: Feed) -> bytes:
    from icalendar import Calendar  # some megabytes, for processes that write one

    calendar = Calendar()
    calendar.add("prodid", "-//Kesu//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Kesu 我的期限"))
    calendar.add("refresh-interval", _LOOK_AGAIN, parameters={"value": "DURATION"})
    for line in found.lines:
        calendar.add_component(_event(line))
    return bytes(calendar.to_ical())


def _event(line: FeedLine) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{hashlib.sha256(f'{line.case_id}/{line.key}'.encode()).hexdigest()[:32]}@kesu")
    event.add("dtstamp", line.changed_at)
    event.add("last-modified", line.changed_at)
    event.add("sequence", line.version)
    event.add("dtstart", line.due_at - _SHOWN)
    event.add("dtend", line.due_at)
    event.add("summary", f"{_summary(line)} · {line.number}")
    event.add("description", _description(line))
    event.add("url", settings.KESU_BASE_URL + reverse("case-page", args=[line.case_id]))
    event.add("status", "CANCELLED" if line.is_over else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _summary(line: FeedLine) -> str:
    if line.is_met:
        return _("已办：%(name)s") % {"name": line.name}
    return _("不再需要：%(name)s") % {"name": line.name} if line.is_over else line.name


def _description(line: FeedLine) -> str:
    said = _("%(unit)s，%(due)s 到期") % {"unit": line.unit, "due": _exactly(line.due_at)}
    return said + (_("（暂定：放假安排公布后自动重算）") if line.is_provisional else "")


def _exactly(at: datetime) -> str:
    return when.stamp(at)
