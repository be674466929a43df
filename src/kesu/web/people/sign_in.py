"""Signing in and out. Too many wrong passwords lock the name at this address for a while; the page says how long."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kesu.core.codes import half_width
from kesu.queries.people.demonstration import demonstration_accounts
from kesu.web.people import attempts, entering

_HOME = "/work"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Leads back to where the person wanted to go, if that is an address of ours."""
    target = target_of(request)
    if request.user.is_authenticated:
        return redirect(target)
    if request.method != "POST":
        return _page(request, target)
    name = request.POST.get("username", "")
    counted = half_width(name).lower()[: attempts.LONGEST_LOGIN]
    account = authenticate(request, username=counted, password=request.POST.get("password", ""))
    if account is not None:
        return entering.begin(request, account.pk, way=entering.PASSWORD, target=target)
    if attempts.is_locked(request):
        status = settings.AXES_HTTP_RESPONSE_CODE
        return _page(request, target, name=name, error=attempts.locked_text(), status=status)
    return _page(request, target, name=name, error=_("账号或密码不对。请核对后再试"), status=422)


def refused(request: HttpRequest, error: str) -> HttpResponse:
    """The page again, for whoever came by another way than a password."""
    return _page(request, target_of(request), error=error, status=422)


def refused_passkey(request: HttpRequest) -> HttpResponse:
    return refused(request, _("这把通行密钥没有验证通过。请再试一次，或用密码登录"))


def target_of(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or _HOME
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else _HOME


def _page(request: HttpRequest, target: str, *, name: str = "", error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "target": target,
        "name": name,
        "error": error,
        "demonstration": demonstration_accounts(),
        "providers": settings.KESU_SIGN_ON,
    }
    return render(request, "people/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def locked_out(_request: HttpRequest, response: HttpResponse, _credentials: Any = None) -> HttpResponse:
    """What the limiter's middleware answers: the page that the view has drawn already."""
    return response
