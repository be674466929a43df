"""工作台 and 审批: what waits for the person who looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.arrivals.mail_list import waiting_mails
from kesu.queries.calendars.next_year import next_year_unknown
from kesu.queries.messages.undelivered import undelivered_count
from kesu.queries.work.away import away
from kesu.queries.work.news import news
from kesu.queries.work.workbench import Workbench, workbench
from kesu.web import when
from kesu.web.fragments import fragment
from kesu.web.joining import listed
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken
from kesu.web.work.lines import group_parts, move_part, soon_part
from kesu.web.work.lists import tabs
from kesu.web.work.ruler import Ruler, ruler
from kesu.web.work.signing import approvals_shown

_DRAWN: Final = 60


@dataclass(frozen=True, slots=True)
class _Living:
    """A page with a part that is asked for again and again: `shown` says once what stands in the part."""

    address: str
    page: str
    part: str
    shown: Callable[[HttpRequest, datetime], dict[str, object]]

    def whole(self, request: HttpRequest, more: Mapping[str, object] = MappingProxyType({})) -> HttpResponse:
        now = clock.now()
        shown = {"frame": frame(request, self.address, now), **self.shown(request, now), **more}
        return render(request, self.page, shown)

    def again(self, request: HttpRequest) -> HttpResponse:
        return fragment(request, self.part, self.shown(request, clock.now()))


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The bare address: staff go to work, everybody else sees what he can do here."""
    return redirect("work") if request.user.is_authenticated else render(request, "public/front.html")


def _workbench(request: HttpRequest, now: datetime) -> dict[str, object]:
    bench = spoken(workbench(actor=actor(request), at=now))
    whole, drawn = request.GET.get("all") == "yes", sum(len(group.lines) for group in bench.groups)
    most = drawn if whole else _DRAWN
    told = spoken(news(actor=actor(request), at=now))
    return {
        "now": now,
        "undelivered": undelivered_count(actor=actor(request)),
        "away": away(actor=actor(request), on=when.local(now).date()),
        "own_page": reverse("person", args=[actor(request).account_id]),
        "ruler": _ruler(bench, now),
        "total": bench.total,
        "cases": bench.cases,
        "groups": group_parts(bench.groups, now, bench.total, most),
        "undrawn": bench.total - min(drawn, most),
        "more_to_draw": drawn > most,
        "again": f"{reverse('work-live')}?all=yes" if whole else reverse("work-live"),
        "moves": tuple(move_part(move) for move in told.moves),
        "soon": tuple(soon_part(one) for one in told.soon),
    }


def _ruler(bench: Workbench, now: datetime) -> Ruler | None:
    """In the calendar of what is due first; nothing to draw where nothing has a date."""
    lines = [line for group in bench.groups for line in group.lines if line.due_at and not line.paused_since]
    dues = [line.due_at for line in lines if line.due_at]
    return ruler(dues, now, lines[0].calendar) if lines else None


_WORK = _Living("/work", "work/workbench.html", "work/_workbench.html", _workbench)
_APPROVALS = _Living("/approvals", "work/approvals.html", "work/_approvals.html", approvals_shown)


@require_safe
@signed_in
def work(request: HttpRequest) -> HttpResponse:
    lacking = next_year_unknown(actor=actor(request), at=clock.now())
    return _WORK.whole(request, {"lacking": listed(lacking), "mails_waiting": waiting_mails(actor=actor(request))})


@require_safe
@signed_in
def work_live(request: HttpRequest) -> HttpResponse:
    return _WORK.again(request)


@require_safe
@signed_in
def approval_list(request: HttpRequest) -> HttpResponse:
    return _APPROVALS.whole(request, tabs(request, ""))


@require_safe
@signed_in
def approvals_live(request: HttpRequest) -> HttpResponse:
    return _APPROVALS.again(request)
