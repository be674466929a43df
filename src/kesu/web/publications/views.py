"""公示 for everybody, and for the customers of a place behind their own links."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kesu.access.publications import PublicationPage
from kesu.core import clock
from kesu.queries.public.publications import publication_list, publication_page, resident_list, resident_page
from kesu.web.links import publication_url
from kesu.web.public.answers import kept, unkept
from kesu.web.publications.drawing import line_parts, notice_part
from kesu.web.words import spoken

OF = "of"
"""What an address narrows the list to: an organisation."""
BEFORE = "before"
_GONE = HTTPStatus.GONE


@require_safe
@kept
def public_list(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in (OF, BEFORE)}
    found = spoken(publication_list(at=clock.now(), publisher=asked[OF], before=asked[BEFORE]))
    of = {OF: found.chosen.id.hex} if found.chosen else {}
    older = {**of, BEFORE: found.leaf.older} if found.leaf.older else {}
    context = {
        "rows": line_parts(found.leaf.rows, publication_url),
        "publishers": found.publishers,
        "chosen": found.chosen,
        "older": f"{request.path}?{urlencode(older)}" if older else "",
        "newest": f"{request.path}?{urlencode(of)}" if of else request.path,
        "is_later": bool(asked[BEFORE]),
        "feed": f"{reverse('publication-feed')}?{urlencode(of)}" if of else reverse("publication-feed"),
        "back": reverse("front"),
        "is_public": True,
    }
    return render(request, "publications/list.html", context)


@require_safe
@kept
def public_page(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    page = spoken(publication_page(at=clock.now(), publication_id=publication_id))
    return _page(request, page, reverse("publication-list"), is_public=True)


@require_safe
@unkept
def resident_list_view(request: HttpRequest, secret: str) -> HttpResponse:
    before = request.GET.get(BEFORE, "")
    found = spoken(resident_list(at=clock.now(), secret=secret, before=before))

    def address(publication_id: UUID) -> str:
        return reverse("follow-publication", args=[secret, publication_id])

    context = {
        "rows": line_parts(found.leaf.rows, address),
        "unit": found.unit,
        "older": f"{request.path}?{urlencode({BEFORE: found.leaf.older})}" if found.leaf.older else "",
        "newest": request.path,
        "is_later": bool(before),
        "back": reverse("public-follow", args=[secret]),
    }
    return render(request, "publications/list.html", context)


@require_safe
@unkept
def resident_view(request: HttpRequest, secret: str, publication_id: UUID) -> HttpResponse:
    page = spoken(resident_page(at=clock.now(), secret=secret, publication_id=publication_id))
    return _page(request, page, reverse("follow-publications", args=[secret]))


def _page(request: HttpRequest, page: PublicationPage, back: str, *, is_public: bool = False) -> HttpResponse:
    notice = notice_part(page)
    context = {"notice": notice, "back": back, "is_public": is_public and not notice.gone}
    return render(request, "publications/page.html", context, status=_GONE if notice.gone else HTTPStatus.OK)
