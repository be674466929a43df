"""登录与安全: one's own sessions, password, authenticator app, recovery codes and passkeys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.commands.people.change_password import change_password
from kesu.commands.people.end_own_sessions import end_own_sessions
from kesu.commands.people.enrol_app import enrol_app
from kesu.commands.people.remove_app import remove_app
from kesu.commands.people.remove_passkey import remove_passkey
from kesu.commands.people.renew_recovery_codes import renew_recovery_codes
from kesu.core import clock
from kesu.core.errors import NotFound, Unacceptable
from kesu.queries.people.factors import open_account
from kesu.queries.people.feed import has_feed
from kesu.queries.people.security import Security, SessionLine
from kesu.queries.people.security import security as security_of
from kesu.web import sentences, when
from kesu.web.people import apps, attempts, ceremonies, devices
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, mark_confirmed, sign_in_of, signed_in


@require_safe
@signed_in
def security(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **said: str) -> HttpResponse:
    """`said`: a sentence by the part of the page that it belongs to."""
    now = clock.now()
    found = security_of(actor=actor(request), at=now, account_id=actor(request).account_id)
    context: dict[str, Any] = {
        "frame": frame(request, "", now),
        "found": found,
        "sessions": session_parts(found, sign_in_of(request)),
        "said": said,
        "feed_since": has_feed(actor=actor(request)),
    }
    return render(request, "people/security.html", context, status=status)


def session_parts(found: Security, own: UUID | None) -> list[dict[str, Any]]:
    """Each session in words; `is_own`: the one in which this is read."""
    return [{**_words(line), "id": line.id, "is_own": line.id == own} for line in found.sessions]


def _words(line: SessionLine) -> dict[str, str]:
    return {
        "device": devices.device(line.browser, line.system),
        "address": line.address,
        "began": when.when(line.began_at, clock.now()),
        "seen": when.when(max(line.seen_at, line.began_at), clock.now()),
        "way": devices.way(line.way),
    }


@require_POST
@signed_in
def sessions_ended(request: HttpRequest) -> HttpResponse:
    """`session`: one of his own; without it all but this one."""
    chosen = request.POST.get("session", "")
    end_own_sessions(
        actor=actor(request), at=clock.now(), sign_in=_id(chosen) if chosen else None, but=sign_in_of(request)
    )
    return redirect("security")


@sensitive_post_parameters("password", "new_password")
@require_POST
@signed_in
def password_changed(request: HttpRequest) -> HttpResponse:
    """The present one is asked for again, however fresh the session is. His other sessions end."""
    who, now = actor(request), clock.now()
    if not attempts.is_password(request, who.login, request.POST.get("password", "")):
        if attempts.is_locked(request):
            return _page(request, status=429, password=attempts.locked_text())
        return _page(request, status=422, password=_("现在的密码不对"))
    try:
        given = request.POST.get("new_password", "")
        change_password(account_id=who.account_id, at=now, password=given, but=sign_in_of(request))
    except Unacceptable as refused:
        return _page(request, status=422, password=_said(refused, "password"))
    account = open_account(account_id=who.account_id)
    assert account is not None
    update_session_auth_hash(request, account)
    mark_confirmed(request, now)
    messages.success(request, _("密码已改，其他地方的登录都已结束"))
    return redirect("security")


@sensitive_post_parameters("code")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def app(request: HttpRequest) -> HttpResponse:
    """Sets up an authenticator app, or another one in its stead."""
    who, error = actor(request), ""
    if request.method == "POST" and "code" in request.POST:
        try:
            code = request.POST.get("code", "")
            codes = enrol_app(account_id=who.account_id, at=clock.now(), secret=apps.secret(request), code=code)
        except Unacceptable as refused:
            error = _said(refused, "code")
        else:
            apps.forget(request)
            return render(request, "people/codes.html", {"codes": codes, "target": "/account/security"})
    context = {**apps.shown(request, who.login), "error": error}
    return render(request, "people/enrol.html", context, status=422 if error else 200)


@require_POST
@signed_in
@confirmed
def app_removed(request: HttpRequest) -> HttpResponse:
    remove_app(actor=actor(request), at=clock.now())
    return redirect("security")


@require_POST
@signed_in
@confirmed
def codes(request: HttpRequest) -> HttpResponse:
    fresh = renew_recovery_codes(actor=actor(request), at=clock.now())
    return render(request, "people/codes.html", {"codes": fresh, "target": "/account/security"})


@sensitive_post_parameters("new_passkey")
@require_POST
@signed_in
@confirmed
def passkey_added(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        ceremonies.added(request, request.POST.get("new_passkey", ""), actor(request).account_id, name)
    except Unacceptable as refused:
        return _page(request, status=422, passkey=_said(refused, "name"), passkey_name=name)
    return redirect("security")


@require_POST
@signed_in
@confirmed
def passkey_removed(request: HttpRequest, passkey: UUID) -> HttpResponse:
    remove_passkey(actor=actor(request), at=clock.now(), passkey_id=passkey)
    return redirect("security")


def _said(refused: Unacceptable, field: str) -> str:
    return sentences.field_errors(refused).get(field, sentences.reason(refused))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
