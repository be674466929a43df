"""What no page of ours ever sends is turned away before anything of it is read. Every answer says what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict

from kesu.core.uploads import BODY_STATE, MAX_BODY_BYTES, BodyState
from kesu.web import refusals
from kesu.web.forms import figure

_NUL: Final = "%00"
_METHODS: Final = ("GET", "HEAD", "POST")
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class Admission:
    """Middleware. Stands before everything that reads cookies, addresses or forms, and after the choice of language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _drop_unreadable_cookies(request)
        _read_what_is_asked_as_best_can(request)
        return self._refused(request) or self._get_response(request)

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        if request.method not in _METHODS:
            response = refusals.wrong_method(request)
            response.headers["Allow"] = ", ".join(_METHODS)
            return response
        if "\x00" in request.path:
            return refusals.bad_request(request)
        return _unfit_body(request) or (refusals.wrong_form(request) if _is_no_form(request) else None)


def _drop_unreadable_cookies(request: HttpRequest) -> None:
    """The database takes no NUL, and some way of quoting a cookie brings one in. Such a cookie is none of ours."""
    for name in [name for name, value in request.COOKIES.items() if "\x00" in name + value]:
        del request.COOKIES[name]


def _read_what_is_asked_as_best_can(request: HttpRequest) -> None:
    """Behind the question mark of an address a NUL counts as not written; one that is hidden in another, everything."""
    asked = str(request.META.get("QUERY_STRING", ""))
    if _NUL in asked:
        rest = asked.replace(_NUL, "")
        request.GET = QueryDict("" if _NUL in rest else rest)


def _is_no_form(request: HttpRequest) -> bool:
    if request.method != "POST" or request.headers.get("Content-Length", "") in ("", "0"):
        return False
    is_packed = request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity")
    return is_packed or request.content_type not in _FORMS


def _unfit_body(request: HttpRequest) -> HttpResponse | None:
    """The framework bounds the text of a form, not its files: they would fill the disk before a view sees them."""
    state = request.META.get(BODY_STATE, BodyState.WHOLE)
    said = request.headers.get("Content-Length", "")
    if state == BodyState.TOO_LARGE or (said and figure(said) > MAX_BODY_BYTES):
        return refusals.too_large(request)
    if said and figure(said) < 0:
        return refusals.bad_request(request)
    if state == BodyState.TOO_SLOW:
        return refusals.too_slow(request)
    return refusals.no_room(request) if state == BodyState.NO_ROOM else None
