"""Passwords and codes are tried a few times only: all tries of one name from one address are counted together."""

from __future__ import annotations

import copy
from collections.abc import Callable

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, user_login_failed
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from kesu.core import clock
from kesu.web import when

LONGEST_LOGIN = 100
"""Longer than any login is; what is counted against a name must fit into its column."""


def is_password(request: HttpRequest, login: str, password: str) -> bool:
    """Of an open account; asked and counted as at the door."""
    tried = _bare(request)
    is_right = authenticate(tried, username=login[:LONGEST_LOGIN], password=password) is not None
    _take_over(request, tried)
    return is_right


def is_shown(request: HttpRequest, login: str, check: Callable[[], bool]) -> bool:
    """Whether `check` says so; not asked while the name is locked at this address."""
    credentials = {"username": login[:LONGEST_LOGIN]}
    tried = _bare(request)
    if not AxesProxyHandler.is_allowed(tried, credentials):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # the limiter's own mark
        return False
    if check():
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=tried)
    _take_over(request, tried)
    return False


def is_locked(request: HttpRequest) -> bool:
    return bool(getattr(request, "axes_locked_out", False))


def locked_text() -> str:
    now = clock.now()
    until = when.due(now + settings.AXES_COOLOFF_TIME, now)
    return _("错误次数太多，为安全起见暂停。请 %(until)s 以后再试，或请管理员帮忙") % {"until": until}


def _bare(request: HttpRequest) -> HttpRequest:
    """The same without what was typed: the limiter keeps what failed, and a form on its way may hold anything."""
    bare = copy.copy(request)
    bare.POST = QueryDict()
    bare.GET = QueryDict()
    return bare


def _take_over(request: HttpRequest, tried: HttpRequest) -> None:
    if is_locked(tried):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # the limiter's own mark
