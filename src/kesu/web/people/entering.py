"""From the first thing somebody shows to being signed in: second step, a new password, a second factor that is missing.

Until the end nobody is signed in. What was shown so far stands in the session for a few minutes, and no page but these
looks at it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kesu.commands.people.begin_session import begin_session
from kesu.commands.people.change_password import change_password
from kesu.commands.people.enrol_app import enrol_app
from kesu.commands.people.use_code import use_code
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.people.factors import Factors, factors_of, open_account
from kesu.web import sentences, when
from kesu.web.people import apps, attempts, ceremonies, devices
from kesu.web.session import mark_confirmed, mark_signed_in

BACKEND: Final = "kesu.access.accounts.Accounts"
PASSWORD: Final = "password"  # noqa: S105  a way of coming in
_KEY: Final = "kesu_entering"
_LASTS: Final = timedelta(minutes=10)
_TOO_LATE: Final = "sign-in"


@dataclass(frozen=True, slots=True)
class Entering:
    """`way`: by what he began; `is_sure`: a second factor was shown, or the first was one that counts as both."""

    account: str
    way: str
    target: str
    at: str
    is_sure: bool = False

    @property
    def account_id(self) -> UUID:
        return UUID(self.account)


def begin(request: HttpRequest, account_id: UUID, *, way: str, target: str, is_sure: bool = False) -> HttpResponse:
    """He has shown `way`; leads to whatever is asked next, at last to `target`, an address of ours."""
    return _go_on(request, Entering(account_id.hex, way, target, clock.now().isoformat(), is_sure))


def _go_on(request: HttpRequest, state: Entering) -> HttpResponse:
    now = clock.now()
    asked = factors_of(account_id=state.account_id, on=when.local(now).date())
    if asked is None:
        return redirect("sign-in")
    step = _next(state, asked)
    if step:
        request.session[_KEY] = asdict(state)
        return redirect(step)
    return _come_in(request, state, now)


def _next(state: Entering, asked: Factors) -> str:
    if not state.is_sure and (asked.has_app or asked.has_passkey):
        return "sign-in-second"
    if state.way == PASSWORD and asked.must_change_password:
        return "sign-in-password"
    return "sign-in-app" if asked.is_asked and not state.is_sure else ""


def _come_in(request: HttpRequest, state: Entering, now: datetime) -> HttpResponse:
    request.session.pop(_KEY, None)
    apps.forget(request)
    request.session.set_expiry(None)
    account = open_account(account_id=state.account_id)
    if account is None:
        return redirect("sign-in")
    login(request, account, backend=BACKEND)
    key = request.session.session_key or ""
    place = devices.place_of(request)
    made = begin_session(account_id=account.pk, at=now, session_key=key, place=place, way=state.way)
    mark_signed_in(request, made, now)
    mark_confirmed(request, now)
    return redirect(state.target)


def entering(request: HttpRequest) -> Entering | None:
    """Who is on his way in here; None when nobody is, or he took too long."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept is None:
        return None
    state = Entering(**kept)
    return state if clock.now() - datetime.fromisoformat(state.at) < _LASTS else None


@sensitive_post_parameters("code", "passkey")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """A code of the app, a recovery code, or a passkey."""
    state = entering(request)
    if state is None:
        return redirect(_TOO_LATE)
    now = clock.now()
    asked = factors_of(account_id=state.account_id, on=when.local(now).date())
    if asked is None:
        return redirect(_TOO_LATE)
    if request.method != "POST":
        return _second_page(request, state, asked)
    if _is_second(request, state, now):
        return _go_on(request, replace(state, is_sure=True))
    if attempts.is_locked(request):
        return _second_page(request, state, asked, attempts.locked_text(), 429)
    return _second_page(request, state, asked, _("没有验证通过。验证码只能用一次，请等下一个再试"), 422)


def _is_second(request: HttpRequest, state: Entering, now: datetime) -> bool:
    account = open_account(account_id=state.account_id)
    shown, code = request.POST.get("passkey", ""), request.POST.get("code", "")

    def check() -> bool:
        if shown:
            return ceremonies.used(request, shown, account_id=state.account_id) is not None
        return use_code(account_id=state.account_id, at=now, code=code)

    return account is not None and attempts.is_shown(request, account.login, check)


def _second_page(
    request: HttpRequest, state: Entering, asked: Factors, error: str = "", status: int = 200
) -> HttpResponse:
    context = {"asked": asked, "error": error, "target": state.target}
    return render(request, "people/second.html", context, status=status)


@sensitive_post_parameters("new_password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Instead of the one that an administrator knows."""
    state = entering(request)
    if state is None or not _is_at(state, "sign-in-password"):
        return redirect(_TOO_LATE)
    error = ""
    if request.method == "POST":
        try:
            given = request.POST.get("new_password", "")
            change_password(account_id=state.account_id, at=clock.now(), password=given)
            return _go_on(request, state)
        except Unacceptable as refused:
            error = sentences.field_errors(refused).get("password", sentences.reason(refused))
    return render(request, "people/new_password.html", {"error": error}, status=422 if error else 200)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """His posts ask for a second factor and he has none yet."""
    state = entering(request)
    account = open_account(account_id=state.account_id) if state else None
    if state is None or account is None or not _is_at(state, "sign-in-app"):
        return redirect(_TOO_LATE)
    error = ""
    if request.method == "POST":
        try:
            secret = apps.secret(request)
            codes = enrol_app(account_id=account.pk, at=clock.now(), secret=secret, code=request.POST.get("code", ""))
        except Unacceptable as refused:
            error = sentences.field_errors(refused).get("code", sentences.reason(refused))
        else:
            _go_on(request, replace(state, is_sure=True))
            return render(request, "people/codes.html", {"codes": codes, "target": state.target})
    context = {**apps.shown(request, account.login), "error": error, "is_required": True}
    return render(request, "people/enrol.html", context, status=422 if error else 200)


def _is_at(state: Entering, step: str) -> bool:
    """Whether this is what he is asked for now; whoever jumps ahead has shown too little."""
    asked = factors_of(account_id=state.account_id, on=when.local(clock.now()).date())
    return asked is not None and _next(state, asked) == step
