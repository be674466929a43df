"""One place that turns a refusal, or a failure of our own, into a page.

Views catch what they can answer themselves (a form drawn again). Everything else ends here: a full page, or the
fragment alone when htmx asked. Nothing here says more about a hidden case than about an address that never was.
"""

from __future__ import annotations

import errno
import json
import logging
import re
import secrets
import sys
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final

from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.access.permissions import Permission
from kesu.core import clock
from kesu.core.errors import Forbidden, NoRoom, NotFound, Refused
from kesu.policy.events import SUBJECT
from kesu.queries.people.granters import granters
from kesu.web import sentences, when
from kesu.web.forms import figure
from kesu.web.joining import listed
from kesu.web.lacking import lack_in_words
from kesu.web.parts import MissingLine
from kesu.web.words import spoken

_LOG: Final = logging.getLogger("kesu.web")
_MOST_KEPT: Final = 2 * 1024 * 1024
"""Bytes of a form whose words are worth showing once more."""
_SECRETS: Final = {"password", "new_password", "code", "passkey", "new_passkey", "confirm_password", "confirm_code"}
_NOT_WRITTEN: Final = {"csrfmiddlewaretoken", "form_token", "token", "seen_version", "next", SUBJECT, *_SECRETS}
_DISK_FULL: Final = "53100"
"""PostgreSQL's code for a full disk."""
_WAIT: Final = 30
"""Seconds after which another attempt may go better."""
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CODE: Final = re.compile(r"(?![0-9]+$)[\w.:-]+", re.ASCII)
"""A value that was picked, not written."""

RIGHTS: Final = {
    Permission.CASE_READ: gettext_lazy("看诉件"),
    Permission.CASE_REGISTER: gettext_lazy("登记诉件"),
    Permission.CASE_NOTE: gettext_lazy("写内部记录"),
    Permission.CASE_REPLY: gettext_lazy("给客户发消息"),
    Permission.PERSONAL_READ: gettext_lazy("看客户的姓名和联系方式"),
    Permission.MATTER_JOIN: gettext_lazy("把诉件归为同一事项"),
    Permission.REPORT_READ: gettext_lazy("看统计"),
    Permission.POLICY_READ: gettext_lazy("看制度"),
    Permission.POLICY_ADOPT: gettext_lazy("让制度生效"),
    Permission.HEALTH_READ: gettext_lazy("看运行状况"),
    Permission.HOUSE_READ: gettext_lazy("看组织和岗位"),
    Permission.HOUSE_EDIT: gettext_lazy("改组织和岗位"),
    Permission.PEOPLE_EDIT: gettext_lazy("管理人员账号"),
    Permission.RIGHTS_EDIT: gettext_lazy("改角色的权限"),
    Permission.CHANGES_READ: gettext_lazy("看改动记录"),
    Permission.SOURCES_EDIT: gettext_lazy("管理外部系统的接入"),
    Permission.SECOND_FACTOR: gettext_lazy("登录须有两步验证"),
    Permission.ROOM_READ: gettext_lazy("看房产"),
    Permission.ROOM_EDIT: gettext_lazy("改房产"),
    Permission.CUSTOMER_READ: gettext_lazy("看客户"),
    Permission.CUSTOMER_EDIT: gettext_lazy("改客户资料"),
    Permission.CUSTOMER_IMPORT: gettext_lazy("从 Excel 导入房产和客户"),
    Permission.CUSTOMER_ERASE: gettext_lazy("抹去客户的个人信息"),
    Permission.LEDGER_READ: gettext_lazy("看台账"),
    Permission.CODED_READ: gettext_lazy("看编号件"),
}


class Refusals:
    """Middleware. Must stand after those of sessions and accounts: its pages may name the reader."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            page = wrong_method(request)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """No page of ours sends a NUL, and the database takes none."""
        sent = request.POST.lists()
        has_nul = any("\x00" in word for name, texts in sent for word in (name, *texts))
        return bad_request(request) if has_nul else None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """None: the framework's own handling (its 404, which `handler404` draws)."""
        if not isinstance(fault, Refused):
            return None
        response = answer(request, fault)
        response.headers["Cache-Control"] = "private, no-store"
        return response


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
    kept = written(request)
    if missing not in set(Permission):
        return _page(request, "422", sentences.reason(refused), status=403, missing=_lines(refused), kept=kept)
    right = RIGHTS[Permission(str(missing))]
    by = listed(f"{one.post} {one.name}" for one in spoken(granters(on=when.local(clock.now()).date())))
    said = _("没有这项权限：%(right)s") % {"right": right}
    return _page(request, "403", said, status=403, right_name=right, granted_by=by, kept=kept)


def _page(request: HttpRequest, name: str, said: str, *, status: int, **more: object) -> HttpResponse:
    """A whole page with `said` at its head. A part of a page is not replaced by one: it stays, and a toast says it."""
    if not request.headers.get("HX-Request"):
        return render(request, f"errors/{name}.html", {"title": said, **more}, status=status)
    response = HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    response.headers["HX-Trigger"] = json.dumps({"kesu:refused": {"said": said}})
    return response


def _stopped(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A conflict or an input that the view did not draw again: say why, lead back."""
    is_conflict = refused.code == "overtaken"
    context = {
        "message" if is_conflict else "title": sentences.reason(refused),
        "missing": _lines(refused),
        "back_url": came_from(request),
        "kept": written(request),
    }
    return render(request, _template(request, "409" if is_conflict else "422"), context, status=refused.status)


def _template(request: HttpRequest, name: str) -> str:
    is_part = bool(request.headers.get("HX-Request"))
    return {"409": "errors/_conflict.html", "422": "errors/_refusal.html"}[name] if is_part else f"errors/{name}.html"


def _lines(refused: Refused) -> tuple[MissingLine, ...]:
    """Every reason in a sentence: what the policy says, then what is missing for it."""
    lines: list[MissingLine] = []
    for one in refused.data.get("refusals", ()):
        lines.append(MissingLine(sentences.refusal(one.code, one.says)))
        lines.extend(MissingLine(lack_in_words(lack)) for lack in one.missing)
    return tuple(lines)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Also the framework's own 400 (`handler400`): what it counts as suspicious is mostly just too much."""
    if isinstance(exception, RequestDataTooBig):
        return _said(request, 413, _("文字太多，没有提交"), _("一项最多 2 万字。请分几次写，或作为文件上传。"))
    if isinstance(exception, TooManyFilesSent):
        return too_large(request)
    if isinstance(exception, TooManyFieldsSent):
        return _said(request, 413, _("填的项目太多，没有提交"), _("请返回上一页，刷新后再试。"))
    return _said(request, 400, _("看不懂这个请求"), _("地址或表单不完整，请返回上一页再试。"))


def signed_out(request: HttpRequest) -> HttpResponse:
    """For a part of a page whose reader is no longer signed in."""
    return _said(request, 401, _("您已退出登录"), _("请刷新页面，重新登录后再试。"))


def wrong_method(request: HttpRequest) -> HttpResponse:
    """Opened what can only be sent, or sent what can only be opened; whoever calls adds what is allowed."""
    return _said(request, 405, _("这个地址不能这样打开"), _("请回到首页，从那里进入要办的事。"))


def wrong_form(request: HttpRequest) -> HttpResponse:
    """A body that no page of ours sends: another kind, packed, or in another encoding."""
    return _said(
        request, 415, _("看不懂这张表，没有提交"), _("请用浏览器打开页面填写。程序只收 UTF-8 编码的普通表单。")
    )


def too_large(request: HttpRequest) -> HttpResponse:
    said = _("一个文件最多 20 MB，一次最多 9 个。请返回上一页减少后再试。")
    return _said(request, 413, _("文件太大，没有提交"), said)


def too_slow(request: HttpRequest) -> HttpResponse:
    """The rest of the form did not come."""
    said = _("网络太慢或断开了，只收到一部分。请返回上一页，换个网络或减少文件后再试。")
    return _said(request, 408, _("没有收完，没有提交"), said)


def no_room(request: HttpRequest) -> HttpResponse:
    return _said(request, 503, _("没有提交，原因在我们这边"), sentences.reason(NoRoom()))


def _outage(request: HttpRequest, fault: BaseException | None) -> HttpResponse | None:
    """The database is away, or has no room: both pass without our doing, and the same form may then be sent again."""
    while fault is not None and not isinstance(fault, OperationalError | InterfaceError):
        fault = fault.__cause__ or fault.__context__
    if fault is None:
        return None
    if getattr(fault.__cause__, "sqlstate", None) == _DISK_FULL:
        said = _("磁盘满了。请告诉管理员腾出空间，之后返回上一页再提交一次：同一张表不会记两次。")
    else:
        said = _("数据库暂时没有应答，程序会自己恢复。请过半分钟返回上一页再提交一次：同一张表不会记两次。")
    _LOG.error("the database could not: %s", type(fault.__cause__ or fault).__name__)
    response = _said(request, 503, _("没有提交，原因在我们这边"), said)
    response.headers["Retry-After"] = str(_WAIT)
    return response


def _said(request: HttpRequest, status: int, title: str, message: str, kept: Sequence[str] = ()) -> HttpResponse:
    """A page that says what happened and what to do, with a way on. `kept`: what was typed, to be copied."""
    way_on = {"back_url": came_from(request), "has_home": True}
    response = _page(request, "422", title, status=status, message=message, kept=kept, **way_on)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form was sent from; nothing where that is not known."""
    try:
        ours = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""
    page = request.headers.get("Referer", "") if request.method == "POST" else ""
    return page.removeprefix(ours) if page.startswith(f"{ours}/") else ""


def not_allowed(request: HttpRequest, exception: object = None) -> HttpResponse:  # noqa: ARG001  the framework gives it by this name
    """The framework's own 403."""
    return _page(request, "403", _("没有这项权限"), status=403)


def form_expired(request: HttpRequest, **_given: object) -> HttpResponse:
    """A form whose protection against forgery no longer fits (`CSRF_FAILURE_VIEW`): usually an old tab, or somebody
    who signed in anew beside it. What he wrote stands on the page, unless it is another site that sent it."""
    said = _("没有提交。请返回填写的页面再提交一次。")
    is_small = 0 < figure(request.headers.get("Content-Length", "")) <= _MOST_KEPT
    kept = written(request) if is_small and came_from(request) else ()
    return _said(request, 403, _("这张表打开得太久，已经失效"), said, kept)


def written(request: HttpRequest) -> tuple[str, ...]:
    """What somebody wrote into a form, without what the page itself put there and without secrets."""
    try:
        texts = [text.strip() for name, found in request.POST.lists() if name not in _NOT_WRITTEN for text in found]
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return ()
    return tuple(text for text in texts if text and not _CODE.fullmatch(text))


def failed(request: HttpRequest) -> HttpResponse:
    """Something of ours broke (`handler500`): the page carries a number, and so does the line in the log."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OSError) and fault.errno in _FULL:
        _LOG.error("no room left to take in a form")
        return no_room(request)
    outage = _outage(request, fault)
    if outage is not None:
        return outage
    number = f"E-{secrets.randbelow(9000) + 1000}-{secrets.randbelow(9000) + 1000}"
    _LOG.error("error number %s at %s", number, request.resolver_match.route if request.resolver_match else "-")
    # Without the request: whatever it is that broke must not break this page too.
    return HttpResponse(render_to_string("errors/500.html", {"error_number": number}), status=500)
