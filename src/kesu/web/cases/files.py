"""Files of a case: shown small in the page, handed out whole as downloads, never run in the browser."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from kesu.queries.cases.files import FileContent, case_file
from kesu.web.session import actor, signed_in


@signed_in
@require_safe
def file_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    return _answer(case_file(actor=actor(request), case_id=case_id, file_id=file_id))


@signed_in
@require_safe
def preview_view(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    return _answer(case_file(actor=actor(request), case_id=case_id, file_id=file_id, preview=True))


def _answer(file: FileContent) -> HttpResponse:
    """Only a preview of our own making opens in place. What somebody sent is saved, and may do nothing if opened."""
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(not file.is_preview, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
