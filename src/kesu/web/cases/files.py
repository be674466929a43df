"""Files of a case: shown small in the page, handed out whole as downloads, never run in the browser."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kesu.queries.cases.files import FileContent, case_file
from kesu.web.downloads import handed_out
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
    """Only a preview of our own making opens in place."""
    return handed_out(file.name, file.media_type, file.content, in_place=file.is_preview)
