"""消息: what a case has sent, to whom, by what, and whether it arrived."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.cases.sent_list import sent_list
from kesu.web.cases.page import LIST
from kesu.web.forms import figure
from kesu.web.messages.wording import language, line_part
from kesu.web.session import actor, frame, signed_in


@require_safe
@signed_in
def sent_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    at = clock.now()
    before = figure(request.GET.get("before", ""), 0) or None
    found = sent_list(actor=actor(request), case_id=case_id, language=language(), older_than=before)
    parts = tuple(map(line_part, found.lines))
    shown = {"frame": frame(request, LIST, at), "now": at, "found": found, "parts": parts}
    return render(request, "messages/sent.html", shown)
