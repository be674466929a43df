"""One place that turns a refusal, or a failure of our own, into a page.

Views catch what they can answer themselves (a form drawn again). Everything else ends here: a full page, or the
fragment alone when htmx asked. Nothing here says more about a hidden case than about an address that never was.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.permissions import Permission
from kesu.core import clock
from kesu.core.errors import Forbidden, NotFound, Refused
from kesu.core.uploads import MAX_BYTES
from kesu.queries.people.granters import granters
from kesu.web import sentences, when
from kesu.web.forms import figure
from kesu.web.parts import MissingLine

_LOG: Final = logging.getLogger("kesu.web")
_MOST_SENT: Final = 10 * MAX_BYTES
"""Room for every file that a step takes, and for one too many, so that the form itself can say which."""

RIGHTS: Final = {
    Permission.CASE_READ: gettext_lazy("看诉件"),
    Permission.CASE_REGISTER: gettext_lazy("登记诉件"),
    Permission.CASE_NOTE: gettext_lazy("写内部记录"),
    Permission.CASE_REPLY: gettext_lazy("给客户发消息"),
    Permission.PERSONAL_READ: gettext_lazy("看客户的姓名和联系方式"),
    Permission.MATTER_JOIN: gettext_lazy("把诉件归为同一事项"),
    Permission.POLICY_READ: gettext_lazy("看制度"),
    Permission.POLICY_ADOPT: gettext_lazy("让制度生效"),
}


class Refusals:
    """Middleware. Must stand after those of sessions and accounts: its pages may name the reader."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return too_large(request) if _is_too_large(request) else self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """No page of ours sends a NUL, and the database takes none. (A list reads an odd address as best it can.)"""
        return bad_request(request) if _has_nul(request) else None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """None: the framework's own handling (its 404, which `handler404` draws)."""
        if not isinstance(fault, Refused):
            return None
        response = answer(request, fault)
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _is_too_large(request: HttpRequest) -> bool:
    """The framework bounds the text of a form, not its files: they would fill the disk before a view sees them."""
    said = request.META.get("CONTENT_LENGTH")
    return bool(said) and not 0 <= figure(str(said)) <= _MOST_SENT


def _has_nul(request: HttpRequest) -> bool:
    sent = request.POST.lists()
    return any("\x00" in text for text in (request.path, *(word for name, texts in sent for word in (name, *texts))))


def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page of a refusal."""
    if isinstance(refused, NotFound):
        return not_found(request)
    if isinstance(refused, Forbidden):
        return _forbidden(request, refused)
    return _stopped(request, refused)


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:  # noqa: ARG001  the framework gives it by this name
    """The same answer for an address that never was and for a case that the reader may not know of."""
    response = _page(request, "404", _("没有这个页面，或您看不到它"), status=404)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _forbidden(request: HttpRequest, refused: Forbidden) -> HttpResponse:
    missing = refused.data.get("permission")
    known = missing in set(Permission)
    lines = _lines(refused)
    if not known:
        return _page(request, "422", sentences.reason(refused), status=403, missing=lines)
    right = RIGHTS[Permission(str(missing))]
    by = "、".join(granters(on=when.local(clock.now()).date()))
    said = _("没有这项权限：%(right)s") % {"right": right}
    return _page(request, "403", said, status=403, right_name=right, granted_by=by)


def _page(request: HttpRequest, name: str, said: str, *, status: int, **more: object) -> HttpResponse:
    """A whole page with `said` at its head. A part of a page is not replaced by one: it stays, and a toast says it."""
    if not request.headers.get("HX-Request"):
        return render(request, f"errors/{name}.html", {"title": said, **more}, status=status)
    response = HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    response.headers["HX-Trigger"] = json.dumps({"kesu:refused": {"said": said}})
    return response


def _stopped(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A conflict or an input that the view did not draw again: say why, lead back."""
    back = request.headers.get("Referer", "") if request.method == "POST" else ""
    context = {
        "title": sentences.reason(refused),
        "message": sentences.reason(refused),
        "missing": _lines(refused),
        "back_url": back if back.startswith(f"{request.scheme}://{request.get_host()}/") else "",
    }
    name = "409" if refused.code == "overtaken" else "422"
    return render(request, _template(request, name), context, status=refused.status)


def _template(request: HttpRequest, name: str) -> str:
    is_part = bool(request.headers.get("HX-Request"))
    return {"409": "errors/_conflict.html", "422": "errors/_refusal.html"}[name] if is_part else f"errors/{name}.html"


def _lines(refused: Refused) -> tuple[MissingLine, ...]:
    """Every reason in a sentence: what the policy says, then what is missing for it."""
    lines: list[MissingLine] = []
    for one in refused.data.get("refusals", ()):
        lines.append(MissingLine(sentences.refusal(one.code, one.says)))
        lines.extend(MissingLine(sentences.missing(lack.kind, lack.name)) for lack in one.missing)
    return tuple(lines)


def bad_request(request: HttpRequest, exception: object = None) -> HttpResponse:  # noqa: ARG001  the framework gives it by this name
    again = _("地址或表单不完整，请返回上一页再试。")
    return _page(request, "422", _("看不懂这个请求"), status=400, message=again)


def too_large(request: HttpRequest) -> HttpResponse:
    limits = _("一个文件最多 20 MB，一次最多 9 个。请返回上一页减少后再试。")
    return _page(request, "422", _("文件太大，没有提交"), status=413, message=limits)


def not_allowed(request: HttpRequest, exception: object = None) -> HttpResponse:  # noqa: ARG001  the framework gives it by this name
    """The framework's own 403."""
    return _page(request, "403", _("没有这项权限"), status=403)


def form_expired(request: HttpRequest, **_given: object) -> HttpResponse:
    """A form whose protection against forgery no longer fits (`CSRF_FAILURE_VIEW`): usually an old tab."""
    again = _("没有提交。请返回上一页，刷新后再提交，您填写的内容还在。")
    return _page(request, "422", _("这张表打开得太久，已经失效"), status=403, message=again)


def failed(request: HttpRequest) -> HttpResponse:
    """Something of ours broke (`handler500`): the page carries a number, and so does the line in the log."""
    number = f"E-{secrets.randbelow(9000) + 1000}-{secrets.randbelow(9000) + 1000}"
    _LOG.error("error number %s at %s", number, request.resolver_match.route if request.resolver_match else "-")
    return render(request, "errors/500.html", {"error_number": number}, status=500)
