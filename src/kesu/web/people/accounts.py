"""What an administrator does with somebody's account: shuts and opens it, gives a password, ends what is open."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kesu.commands.people.change_account import AccountState, change_account
from kesu.commands.people.end_sessions_of import end_sessions_of
from kesu.commands.people.give_password import give_password
from kesu.commands.people.reopen_account import reopen_account
from kesu.commands.people.reset_factors import reset_factors
from kesu.commands.people.shut_account import shut_account
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.web import sentences, when
from kesu.web.people.confirm import confirmed
from kesu.web.people.person import AccountNews, draw_person
from kesu.web.session import actor, signed_in


@require_POST
@signed_in
@confirmed
def changed(request: HttpRequest, account: UUID) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("name", "login", "email", "line")}
    try:
        change_account(actor=actor(request), at=clock.now(), account_id=account, wanted=AccountState(**typed))
    except Unacceptable as refused:
        errors = sentences.field_errors(refused)
        said, status = sentences.reason(refused), refused.status
        return draw_person(request, account, AccountNews(refused=said, typed=typed, errors=errors, status=status))
    messages.success(request, _("已保存"))
    return redirect("person", account)


@require_POST
@signed_in
@confirmed
def shut(request: HttpRequest, account: UUID) -> HttpResponse:
    at, reason = clock.now(), request.POST.get("reason", "")
    try:
        shut_account(actor=actor(request), at=at, on=when.local(at).date(), account_id=account, reason=reason)
    except Unacceptable as refused:
        return draw_person(request, account, _refused(refused, reason))
    messages.success(request, _("账号已停用"))
    return redirect("person", account)


@require_POST
@signed_in
@confirmed
def reopened(request: HttpRequest, account: UUID) -> HttpResponse:
    at = clock.now()
    try:
        password = reopen_account(actor=actor(request), at=at, on=when.local(at).date(), account_id=account)
    except Unacceptable as refused:
        return draw_person(request, account, _refused(refused))
    return draw_person(request, account, AccountNews(password=password))


@require_POST
@signed_in
@confirmed
def password_given(request: HttpRequest, account: UUID) -> HttpResponse:
    try:
        password = give_password(actor=actor(request), at=clock.now(), account_id=account)
    except Unacceptable as refused:
        return draw_person(request, account, _refused(refused))
    return draw_person(request, account, AccountNews(password=password))


@require_POST
@signed_in
@confirmed
def sessions_ended(request: HttpRequest, account: UUID) -> HttpResponse:
    count = end_sessions_of(actor=actor(request), at=clock.now(), account_id=account)
    messages.success(request, _("已结束 %(count)d 处登录") % {"count": count})
    return redirect("person", account)


@require_POST
@signed_in
@confirmed
def factors_reset(request: HttpRequest, account: UUID) -> HttpResponse:
    reset_factors(actor=actor(request), at=clock.now(), account_id=account)
    messages.success(request, _("验证器、恢复码和通行密钥都已清除，登录都已结束"))
    return redirect("person", account)


def _refused(refused: Unacceptable, reason: str = "") -> AccountNews:
    said = sentences.field_errors(refused).get("reason", sentences.reason(refused))
    return AccountNews(refused=said, reason=reason, status=refused.status)
