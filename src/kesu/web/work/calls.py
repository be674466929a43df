"""来电: the strip over every page of whoever has a line, and what it leads to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.arrivals.put_call_aside import put_call_aside
from kesu.core import clock
from kesu.queries.work.calls import ringing
from kesu.web import refusals
from kesu.web.forms import identifier
from kesu.web.fragments import fragment
from kesu.web.session import actor, signed_in


@require_safe
@signed_in
def calls_live(request: HttpRequest) -> HttpResponse:
    return fragment(request, "base/_calls.html", {"calls": ringing(actor=actor(request), at=clock.now())})


@signed_in
@require_POST
def call_aside_view(request: HttpRequest) -> HttpResponse:
    """The strip without it where a script asks: what is being written on the page stays. Else back to the page."""
    at, call = clock.now(), identifier(request.POST.get("call", ""))
    if call is not None:
        put_call_aside(actor=actor(request), at=at, call_id=call)
    if request.headers.get("HX-Request"):
        return fragment(request, "base/_calls.html", {"calls": ringing(actor=actor(request), at=at)})
    return redirect(refusals.came_from(request) or "work")
