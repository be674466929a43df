"""First start: the first administrator by the code of the machine, then what is still missing until the first
complaint can come in."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kesu.commands.organisation.create_administrator import create_administrator
from kesu.core import clock
from kesu.core.errors import NotFound, Unacceptable
from kesu.queries.organisation.first_steps import first_steps, knows_nobody
from kesu.web import sentences
from kesu.web.people import entering
from kesu.web.session import actor, frame

_FIELDS = ("code", "organisation", "name", "login", "password")


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Not there for strangers once somebody has an account."""
    if request.user.is_authenticated:
        return _steps(request)
    if not knows_nobody():
        if request.method == "POST":
            return redirect("sign-in")  # perhaps his own form, sent again because the answer was lost
        raise Http404
    if request.method != "POST":
        return _page(request, {}, {})
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        create_administrator(
            at=clock.now(),
            code=typed["code"],
            login=typed["login"],
            name=typed["name"],
            password=typed["password"],
            organisation=typed["organisation"],
        )
    except NotFound:
        return redirect("sign-in")
    except Unacceptable as refused:
        return _page(request, typed, sentences.field_errors(refused))
    account = authenticate(request, username=typed["login"].strip().lower(), password=typed["password"])
    if account is not None:
        return entering.begin(request, account.pk, way=entering.PASSWORD, target=reverse("setup"))
    return redirect("setup")


def _page(request: HttpRequest, typed: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    kept = {name: typed.get(name, "") for name in _FIELDS if name != "password"}
    return render(request, "organisation/setup.html", {**kept, "errors": errors}, status=422 if errors else 200)


def _steps(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    steps = first_steps(actor=actor(request), at=at)
    context = {"frame": frame(request, "/organisation", at), "steps": steps}
    return render(request, "organisation/first_steps.html", context)
