"""Everybody whom a case names, on a page of their own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.cases.people_list import people_list
from kesu.web.cases.page import LIST
from kesu.web.cases.showing import person_parts
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken


@signed_in
@require_safe
def people_view(request: HttpRequest, case_id: UUID) -> HttpResponse:
    at, words = clock.now(), request.GET.get("words", "").strip()
    page = whole(request.GET.get("page", ""), 1)
    found = spoken(people_list(actor=actor(request), at=at, case_id=case_id, page=page, words=words))
    total_text = _("共 %(count)s 项") % {"count": found.total}
    context = {
        "frame": frame(request, LIST, at),
        "found": found,
        "rows": tuple(person_parts(case_id, row, unmasks=found.unmasks) for row in found.rows),
        "words": words,
        "total_text": total_text,
        "pager": pager(total_text, found.page, found.pages),
    }
    return render(request, "cases/people.html", context)
