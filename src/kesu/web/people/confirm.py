"""Changes of rights, people and policies want a sign-in that is not older than a quarter of an hour.

`confirmed` stands on such a view, below `signed_in`. Whoever comes later is asked once more who he is, on a page that
keeps what he typed and sends it on to the same address.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from kesu.commands.people.use_code import use_code
from kesu.core import clock
from kesu.queries.people.factors import factors_of
from kesu.web import when
from kesu.web.people import attempts, ceremonies
from kesu.web.refusals import came_from
from kesu.web.session import actor, confirmed_at, mark_confirmed

FRESH: Final = timedelta(minutes=15)
_ASKED: Final = ("confirm_password", "confirm_code", "passkey")
_NOT_KEPT: Final = {"csrfmiddlewaretoken", "confirm", *_ASKED}
View = Callable[..., HttpResponse]


def confirmed(view: View) -> View:
    """Only what is sent is asked about; looking is free."""

    @wraps(view)
    @sensitive_post_parameters(*_ASKED)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        return _asked_first(request) or view(request, *args, **kwargs)

    return asked


def confirmed_first(view: View) -> View:
    """For a page that takes files, which no page can keep: asks before the page is opened."""

    @wraps(view)
    @sensitive_post_parameters(*_ASKED)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (page := _asked_first(request)) is not None:
            return page
        is_answer = request.method == "POST" and "confirm" in request.POST
        return redirect(request.get_full_path()) if is_answer else view(request, *args, **kwargs)

    return asked


def _asked_first(request: HttpRequest) -> HttpResponse | None:
    """The page that asks; None for somebody who has shown who he is just now or within the quarter of an hour."""
    if is_fresh(request):
        return None
    if request.method != "POST" or "confirm" not in request.POST:
        return _page(request)
    if _is_himself(request):
        mark_confirmed(request, clock.now())
        return None
    if attempts.is_locked(request):
        return _page(request, attempts.locked_text(), 429)
    return _page(request, _("没有验证通过，请再试一次"), 422)


def is_fresh(request: HttpRequest) -> bool:
    at = confirmed_at(request)
    return at is not None and clock.now() - at < FRESH


def _is_himself(request: HttpRequest) -> bool:
    """One of the three is enough."""
    who = actor(request)
    password, code, shown = (request.POST.get(name, "") for name in _ASKED)
    if shown:
        return attempts.is_shown(
            request, who.login, lambda: ceremonies.used(request, shown, account_id=who.account_id) is not None
        )
    if code:
        return attempts.is_shown(
            request, who.login, lambda: use_code(account_id=who.account_id, at=clock.now(), code=code)
        )
    return attempts.is_password(request, who.login, password)


def _page(request: HttpRequest, error: str = "", status: int = 403) -> HttpResponse:
    factors = factors_of(account_id=actor(request).account_id, on=when.local(clock.now()).date())
    kept = [(name, text) for name, texts in request.POST.lists() if name not in _NOT_KEPT for text in texts]
    context = {"kept": kept, "error": error, "asked": factors, "has_files": bool(request.FILES)}
    context["back"] = came_from(request) if "confirm" not in request.POST else ""
    return render(request, "people/confirm.html", context, status=status)
