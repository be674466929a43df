"""Files of a case: shown in the page, handed out whole as downloads that are written down, never run in the browser."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kesu.commands.cases.look_at_file import look_at_file
from kesu.commands.cases.take_out_file import take_out_file
from kesu.core import clock
from kesu.queries.cases.files import FileContent, case_file_preview
from kesu.web.downloads import handed_out, in_part
from kesu.web.paper.stamping import stamped
from kesu.web.session import actor, signed_in

_PLAYED: Final = ("video/", "audio/")


@signed_in
@require_safe
def file_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Out of the system, and the case keeps who took it. A paper that is void comes under its stamp, unless somebody
    asks for it as it came, to compare its hash."""
    came = request.GET.get("as") == "came"
    who, at = actor(request), clock.now()
    found = stamped(take_out_file(actor=who, at=at, case_id=case_id, file_id=file_id, as_it_came=came))
    return handed_out(found.name, found.media_type, found.content)


@signed_in
@require_safe
def preview_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    return _shown(case_file_preview(actor=actor(request), case_id=case_id, file_id=file_id))


@signed_in
@require_safe
def large_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """What the page of one piece of evidence shows: a picture of our own making, or a film, sound or PDF to be looked
    at inside of that page."""
    found = look_at_file(actor=actor(request), at=clock.now(), case_id=case_id, file_id=file_id)
    response = _shown(found)
    if found.is_ours:
        return response
    if found.media_type.startswith(_PLAYED):
        return in_part(request, response)
    # The browser's own reader of PDFs does not start inside of a sandbox; it runs nothing on this address.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _shown(file: FileContent) -> HttpResponse:
    file = stamped(file)
    return handed_out(file.name, file.media_type, file.content, in_place=True)
