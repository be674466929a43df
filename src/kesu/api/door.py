"""The door of programs: whoever knocks at `/api/` has no session, no cookie and no form, and is answered in JSON.

Everything that pages need stands behind this middleware and is never asked for such an address. What is wrong is said
as a problem (RFC 9457).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from kesu.api import problems
from kesu.core.errors import Refused
from kesu.core.uploads import BODY_STATE, BodyState
from kesu.web.forms import figure

BASE: Final = "/api/"
MOST: Final = 16 * 1024 * 1024
"""Bytes of one delivery."""
JSON: Final = "application/json"
_LOG: Final = logging.getLogger("kesu.api")
_WAIT: Final = 30


class Door:
    """Middleware. Before everything that reads cookies or forms, behind the choice of language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(BASE):
            return self._get_response(request)
        response = self._unfit(request) or self._answer(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        return response

    def _unfit(self, request: HttpRequest) -> HttpResponse | None:
        """What is turned away before anything of it is read."""
        if request.method != "POST":
            response = problems.problem(405, "wrong_method", _("这个地址只收 POST"), _("用 POST 送来"))
            response.headers["Allow"] = "POST"
            return response
        state = request.META.get(BODY_STATE, BodyState.WHOLE)
        if state == BodyState.TOO_SLOW:
            return problems.problem(408, "too_slow", _("没有收完"), _("用同一个幂等键再送一次"))
        if state == BodyState.NO_ROOM:
            return problems.problem(503, "no_room", _("服务器的存储空间满了"), _("过一会儿用同一个幂等键再送"))
        if state == BodyState.TOO_LARGE or figure(request.headers.get("Content-Length", ""), 0) > MOST:
            return problems.problem(413, "too_large", _("内容太大，最多 16 MB"), _("少带或压缩文件再送"))
        packed = request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity")
        if packed or request.content_type != JSON:
            return problems.problem(415, "not_json", _("只收 application/json，不压缩"), _("照接口说明送来"))
        return None

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            match = resolve(request.path_info)
            request.resolver_match = match
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except (Resolver404, Http404, DisallowedHost):
            return problems.problem(404, "not_found", _("没有这个地址"), _("照接口说明检查地址"))
        except (RequestDataTooBig, UnreadablePostError):
            return problems.problem(413, "too_large", _("内容太大，最多 16 MB"), _("少带或压缩文件再送"))
        except Refused as refused:
            return problems.of(refused)
        except (OperationalError, InterfaceError) as fault:
            _LOG.error("the database could not: %s", type(fault.__cause__ or fault).__name__)
            response = problems.problem(503, "unavailable", _("暂时不能收"), _("半分钟后用同一个幂等键再送"))
            response.headers["Retry-After"] = str(_WAIT)
        except Exception:  # a program must not be answered with a page
            _LOG.exception("a delivery broke something of ours")
            return problems.problem(500, "failed", _("我们这边出了错，没有登记"), _("稍后用同一个幂等键再送"))
        return response
