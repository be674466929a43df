"""The language of the pages: kept in a cookie for everybody, and for staff with the account, for their mail."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kesu.commands.people.choose_language import choose_language
from kesu.web.session import actor


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Leads back to the page where it was chosen. An unknown language changes nothing."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if is_ours and back.startswith("/") else "/")
    if wanted in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            choose_language(actor=actor(request), language=wanted)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 60 * 60,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
