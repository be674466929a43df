"""Signing in with a passkey, and what a browser is asked to show."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kesu.web import refusals
from kesu.web.people import ceremonies, entering
from kesu.web.people.sign_in import refused_passkey, target_of
from kesu.web.session import actor


@never_cache
@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """`to`: add a passkey (for whoever is signed in) or use one."""
    who = actor(request) if request.user.is_authenticated else None
    if request.POST.get("to") == "add":
        if who is None:
            return refusals.signed_out(request)
        return JsonResponse(ceremonies.options_to_add(request, who.account_id, who.login, who.name))
    on_the_way = entering.entering(request)
    known = who.account_id if who else on_the_way.account_id if on_the_way else None
    return JsonResponse(ceremonies.options_to_use(request, known))


@sensitive_post_parameters("passkey")
@never_cache
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """The device has checked who holds it: that counts as both factors."""
    account_id = ceremonies.used(request, request.POST.get("passkey", ""))
    if account_id is None:
        return refused_passkey(request)
    return entering.begin(request, account_id, way="passkey", target=target_of(request), is_sure=True)
