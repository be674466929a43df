"""来信: what came into the mailboxes, and where somebody decides what becomes of a mail."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kesu.commands.arrivals.settle_mail import settle_mail
from kesu.core import clock
from kesu.core.errors import NotNow, Overtaken, Unacceptable
from kesu.queries.arrivals.mail_list import MailLine, mail_list
from kesu.queries.arrivals.mail_page import mail_bytes, mail_page
from kesu.queries.cases.find_case import find_case
from kesu.web import about_mails, sentences
from kesu.web.downloads import handed_out
from kesu.web.forms import identifier
from kesu.web.paging import pager, whole
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_TABS: Final = {
    "waiting": gettext_lazy("等人来定"),
    "done": gettext_lazy("已登记和并入"),
    "automatic": gettext_lazy("自动邮件和退信"),
    "nothing": gettext_lazy("不用办"),
}


@signed_in
@require_safe
def mails_view(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    found = mail_list(actor=actor(request), tab=request.GET.get("tab", ""), page=whole(request.GET.get("page", ""), 1))
    context = {
        "frame": frame(request, "/cases/new", at),
        "tabs": [(code, str(label), found.counts[code], code == found.tab) for code, label in _TABS.items()],
        "rows": [(one, _sender(one), about_mails.state(one.state), about_mails.why(one.why)) for one in found.rows],
        "pager": pager(_("共 %(count)s 封") % {"count": found.counts[found.tab]}, found.page, found.pages),
        "has_pages": found.pages > 1,
    }
    return render(request, "cases/mails.html", context)


def _sender(one: MailLine) -> str:
    return one.sender or one.address or _("读不出发件人")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mail_view(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """A form sent here decides what becomes of it."""
    if request.method != "POST":
        return _page(request, mail_id)
    to = request.POST.get("to", "")
    try:
        _settle(request, mail_id, to)
    except (Unacceptable, NotNow, Overtaken) as refused:
        return _page(request, mail_id, refused)
    messages.success(request, _("已并入") if to == "case" else _("已记下"))
    return redirect("mail", mail_id)


def _settle(request: HttpRequest, mail_id: UUID, to: str) -> None:
    who, at = actor(request), clock.now()
    if to == "nothing":
        settle_mail(actor=who, at=at, mail_id=mail_id, to="nothing")
    elif to == "waiting":
        settle_mail(actor=who, at=at, mail_id=mail_id, to="waiting")
    else:
        case = identifier(request.POST.get("case", "") or find_case(actor=who, number=request.POST.get("number", "")))
        knows = request.POST.get("knows") == "yes"
        settle_mail(actor=who, at=at, mail_id=mail_id, to="case", case_id=case, knows_sender=knows)


@require_safe
@signed_in
def mail_original_view(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    return handed_out("mail.eml", "message/rfc822", mail_bytes(actor=actor(request), mail_id=mail_id))


def _page(
    request: HttpRequest, mail_id: UUID, refused: Unacceptable | NotNow | Overtaken | None = None
) -> HttpResponse:
    at = clock.now()
    page = spoken(mail_page(actor=actor(request), at=at, mail_id=mail_id))
    errors = sentences.field_errors(refused) if refused else {}
    context: dict[str, Any] = {
        "frame": frame(request, "/cases/new", at),
        "page": page,
        "state": about_mails.state(page.state),
        "why": about_mails.why(page.why),
        "files": [(name, max(1, size // 1024)) for name, size in page.files],
        "size": max(1, page.size // 1024),
        "refused": sentences.reason(refused) if refused else "",
        "number_error": errors.get("number", ""),
        "number": request.POST.get("number", ""),
    }
    return render(request, "cases/mail.html", context, status=refused.status if refused else 200)
