"""Signing in by a service of the company: away to it and back, to an account that is there already."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.commands.people.link_by_login import link_by_login
from kesu.commands.people.link_identity import link_identity
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.core.sign_on import AnyProvider, SamlProvider
from kesu.queries.people.factors import account_of_identity
from kesu.web import sentences
from kesu.web.people import entering, oidc, saml
from kesu.web.people.confirm import confirmed
from kesu.web.people.oidc import Asked, Known, ProviderFailed
from kesu.web.people.person import AccountNews, draw_person
from kesu.web.people.sign_in import refused, target_of
from kesu.web.session import actor, signed_in

_LOG: Final = logging.getLogger("kesu.sign_on")
_KEY: Final = "kesu_asked"
_LASTS: Final = timedelta(minutes=10)
_TICKET_LASTS: Final = 60
"""Seconds from the form of the service to the address that it leads to."""


@never_cache
@require_safe
def away(request: HttpRequest, provider: str) -> HttpResponse:
    """To the service; the answer is believed only in this session and only once."""
    chosen, now = _provider(provider), clock.now()
    try:
        if isinstance(chosen, SamlProvider):
            address, asked = saml.ask(chosen, settings.KESU_BASE_URL, _back(chosen), target_of(request), now)
        else:
            address, asked = oidc.ask(chosen, _back(chosen), target_of(request), now)
    except ProviderFailed as fault:
        return _failed(request, chosen, fault)
    request.session[_KEY] = asdict(asked)
    if not request.user.is_authenticated:
        request.session.set_expiry(int(_LASTS.total_seconds()) * 2)
    return redirect(address)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest, provider: str) -> HttpResponse:
    """SAML answers by a form of another site, with which the browser sends no session: what it says is verified, and
    carried, signed by us, to this same address, where the session says whether that was asked."""
    chosen, now = _provider(provider), clock.now()
    if request.method == "POST":
        return _posted(request, chosen, now)
    kept: dict[str, Any] | None = request.session.pop(_KEY, None)
    asked = Asked(**kept) if kept else None
    if asked is None or asked.provider != chosen.key or now - datetime.fromisoformat(asked.at) > _LASTS:
        return refused(request, _("这次登录已经失效，请从头再来"))
    try:
        if isinstance(chosen, SamlProvider):
            known = _carried(request, asked)
        else:
            known = oidc.answered(chosen, asked, request.GET.dict(), _back(chosen), now)
    except ProviderFailed as fault:
        return _failed(request, chosen, fault)
    account = account_of_identity(provider=chosen.key, subject=known.subject) or _linked(chosen, known, now)
    if account is None:
        return refused(request, _unknown(chosen, known))
    return entering.begin(request, account, way=chosen.name, target=asked.target, is_sure=chosen.is_sure)


def _posted(request: HttpRequest, chosen: AnyProvider, now: datetime) -> HttpResponse:
    if not isinstance(chosen, SamlProvider):
        raise Http404
    sent = request.POST.get("SAMLResponse", "")
    try:
        number, known = saml.believed(chosen, sent, settings.KESU_BASE_URL, _back(chosen), now)
    except ProviderFailed as fault:
        return _failed(request, chosen, fault)
    ticket = signing.dumps([chosen.key, number, known.subject, known.login], salt=_KEY)
    return redirect(f"{request.path}?{urlencode({'ticket': ticket})}")


def _carried(request: HttpRequest, asked: Asked) -> Known:
    """Raises `ProviderFailed` for an answer to another question than that of this session."""
    try:
        key, number, subject, login = signing.loads(request.GET.get("ticket", ""), salt=_KEY, max_age=_TICKET_LASTS)
    except signing.BadSignature as wrong:
        raise ProviderFailed("no answer of the provider") from wrong
    if (key, number) != (asked.provider, asked.state):
        raise ProviderFailed("the answer to another question")
    return Known(subject, login)


@require_POST
@signed_in
@confirmed
def linked(request: HttpRequest, account: UUID) -> HttpResponse:
    """An administrator says who somebody is for a service; nothing written: nobody any more."""
    chosen, subject = _provider(request.POST.get("provider", "")), request.POST.get("subject", "")
    try:
        link_identity(actor=actor(request), at=clock.now(), account_id=account, provider=chosen.key, subject=subject)
    except Unacceptable as wrong:
        said = sentences.field_errors(wrong).get("subject", sentences.reason(wrong))
        return draw_person(request, account, AccountNews(refused=said, status=wrong.status))
    messages.success(request, _("已保存"))
    return redirect("person", account)


def _linked(chosen: AnyProvider, known: Known, now: datetime) -> UUID | None:
    if not known.login:
        return None
    return link_by_login(at=now, provider=chosen.key, subject=known.subject, login=known.login)


def _unknown(chosen: AnyProvider, known: Known) -> str:
    told = {"name": chosen.name, "who": known.login or known.subject}
    return _("%(name)s认出了您（%(who)s），但这里没有与之关联的账号。请管理员在“人员”页为您关联，或用密码登录") % told


def _failed(request: HttpRequest, chosen: AnyProvider, fault: ProviderFailed) -> HttpResponse:
    _LOG.warning("sign-on by %s failed: %s", chosen.key, fault)
    said = _("没有用%(name)s登录成功。请再试一次，或用密码登录；一直不行请告诉管理员") % {"name": chosen.name}
    return refused(request, said)


def _provider(key: str) -> AnyProvider:
    found = next((one for one in settings.KESU_SIGN_ON if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _back(chosen: AnyProvider) -> str:
    """As the operator told the service."""
    return f"{settings.KESU_BASE_URL}{reverse('sign-on-back', args=[chosen.key])}"
