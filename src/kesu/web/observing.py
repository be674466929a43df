"""Each request leaves a line in the log and a count among the metrics, by the name of its address and never by the
address itself. What has to do with sealed cases leaves neither: even a count would tell that something came in."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from prometheus_client import Counter, Histogram

from kesu.core.ids import uuid7

_LOG: Final = structlog.get_logger("kesu.request")
_TRACELESS: Final = "kesu.web.sealed."
_QUIET: Final = frozenset({"healthz", "metrics"})
_HEADER: Final = "X-Request-ID"

REQUESTS: Final = Counter("kesu_requests", "Answered requests", ["route", "method", "status"])
SECONDS: Final = Histogram(
    "kesu_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class Observed:
    """Outermost middleware but for those of files and headers. Every answer carries the number under which the lines
    of its request stand in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid7().hex
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=number):
            response = self._get_response(request)
            match = request.resolver_match
            if match is not None and not _is_traceless(match):
                _note(request, match, response.status_code, time.perf_counter() - began)
        response.headers[_HEADER] = number
        return response


def _is_traceless(match: ResolverMatch) -> bool:
    return match.func.__module__.startswith(_TRACELESS)


def _note(request: HttpRequest, match: ResolverMatch, status: int, seconds: float) -> None:
    route = match.view_name or "-"
    REQUESTS.labels(route, request.method or "-", str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    is_quiet = route in _QUIET or bool(request.headers.get("X-Kesu-Poll"))
    say = _LOG.debug if is_quiet else _LOG.info
    say("answered", route=route, method=request.method, status=status, ms=round(seconds * 1000, 1))
