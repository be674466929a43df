"""来电: the strip over every page of whoever has a line, and what it leads to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.work.calls import ringing
from kesu.web.fragments import fragment
from kesu.web.session import actor, signed_in


@require_safe
@signed_in
def calls_live(request: HttpRequest) -> HttpResponse:
    return fragment(request, "base/_calls.html", {"calls": ringing(actor=actor(request), at=clock.now())})
