"""公示栏: what the house has published, for its own people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.work.board import board, board_notice
from kesu.web.cases.drawing import refs
from kesu.web.links import board_url
from kesu.web.publications.drawing import line_parts, notice_part
from kesu.web.publications.views import BEFORE
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

BOARD: Final = "/board"


@signed_in
@require_safe
def board_view(request: HttpRequest) -> HttpResponse:
    now, before = clock.now(), request.GET.get(BEFORE, "")
    found = spoken(board(actor=actor(request), at=now, before=before))
    context = {
        "frame": frame(request, BOARD, now),
        "rows": line_parts(found.rows, board_url),
        "older": f"{reverse('board')}?{urlencode({BEFORE: found.older})}" if found.older else "",
        "is_later": bool(before),
    }
    return render(request, "publications/board.html", context)


@signed_in
@require_safe
def notice_view(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    now = clock.now()
    page = spoken(board_notice(actor=actor(request), at=now, publication_id=publication_id))
    notice = notice_part(page)
    context = {
        "frame": frame(request, BOARD, now),
        "notice": notice,
        "clauses": refs(page.policy_hash, page.clauses),
    }
    return render(
        request, "publications/notice.html", context, status=HTTPStatus.GONE if notice.gone else HTTPStatus.OK
    )
