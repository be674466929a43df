"""信箱: addresses to which complaints are written, from where each is read, and what of a mail answers what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kesu.commands.arrivals.change_mailbox import MailboxState, change_mailbox
from kesu.commands.arrivals.make_mailbox import make_mailbox
from kesu.commands.arrivals.set_mailbox_open import set_mailbox_open
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.core.imap import MailAccount, MailboxFailed, opened
from kesu.policy.asking import FieldView
from kesu.policy.model.facts import FactType
from kesu.queries.arrivals.mailbox_account import mailbox_account
from kesu.queries.arrivals.mailbox_list import MailboxList, mailbox_list
from kesu.queries.arrivals.mailbox_page import MailboxPage, mailbox_page
from kesu.web import sentences
from kesu.web.about_mails import unread
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.forms import identifier
from kesu.web.organisation.proving import proving
from kesu.web.paging import whole
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

_NEW: Final = ("name", "address", "unit", "kind")
_FIXED: Final = "fixed."
_READS: Final = "reads."
_OPEN: Final = "open"
SECURITY: Final = {"tls": gettext_lazy("一开始就加密（TLS）"), "starttls": gettext_lazy("连上后加密（STARTTLS）")}
PARTS: Final = {
    "sender": gettext_lazy("发件人填进"),
    "subject": gettext_lazy("主题填进"),
    "text": gettext_lazy("正文填进"),
    "files": gettext_lazy("附件放进"),
}


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def mailboxes(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    typed = {name: request.POST.get(name, "") for name in _NEW}
    refused: Unacceptable | None = None
    if request.method == "POST":
        said = {"name": typed["name"], "address": typed["address"], "kind": typed["kind"]}
        try:
            made = make_mailbox(actor=actor(request), at=at, unit_id=identifier(typed["unit"]), **said)
        except Unacceptable as fault:
            refused = fault
        else:
            messages.success(request, _("已建好。接着写明从哪里收信"))
            return redirect("mailbox", made)
    found = spoken(mailbox_list(actor=actor(request), at=at))
    context = {
        "frame": frame(request, "/organisation", at),
        "rows": tuple((one, unread(one.error)) for one in found.rows),
        "fields": tuple(_new(found, typed, sentences.field_errors(refused) if refused else {})),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/mailboxes.html", context, status=refused.status if refused else 200)


def _new(found: MailboxList, typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    choice, text = FieldKind.CHOICE, FieldKind.TEXT
    yield Field("name", _("名称"), text, typed["name"], is_required=True, error=errors.get("name", ""))
    where = _("客户写信的地址；我们发出的通知也请客户回到这里")
    wrong = errors.get("address", "")
    yield Field("address", _("邮箱地址"), text, typed["address"], is_required=True, help=where, error=wrong)
    units = tuple(Choice(code, name, typed["unit"] == code) for code, name in found.units)
    told = _("来信登记在这个单位")
    wrong = errors.get("unit", "")
    yield Field("unit", _("单位"), choice, choices=units, is_required=True, help=told, error=wrong)
    kinds = tuple(Choice(code, name, typed["kind"] == code) for code, name in found.kinds)
    yield Field("kind", _("登记成哪一种"), choice, choices=kinds, is_required=True, error=errors.get("kind", ""))


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@confirmed
def mailbox(request: HttpRequest, mailbox_id: UUID) -> HttpResponse:
    """A form sent here says from where it is read."""
    if request.method != "POST":
        return _page(request, mailbox_id)
    try:
        change_mailbox(actor=actor(request), at=clock.now(), mailbox_id=mailbox_id, wanted=_wanted(request))
    except Unacceptable as refused:
        return _page(request, mailbox_id, refused=refused)
    messages.success(request, _("已保存"))
    return redirect("mailbox", mailbox_id)


@never_cache
@require_POST
@signed_in
@confirmed
def tried(request: HttpRequest, mailbox_id: UUID) -> HttpResponse:
    """Connects, signs in, opens the folder, and reads nothing."""
    account = mailbox_account(actor=actor(request), mailbox_id=mailbox_id)
    if account is None:
        messages.error(request, _("还没有写服务器，没有可试的"))
    else:
        _try(request, account)
    return redirect("mailbox", mailbox_id)


def _try(request: HttpRequest, account: MailAccount) -> None:
    try:
        with opened(account) as folder:
            count, new = folder.count, len(folder.unseen())
    except MailboxFailed as failed:
        messages.error(request, _("没有连通：%(why)s") % {"why": unread(str(failed))})
    else:
        told = {"count": count, "new": new}
        messages.success(request, _("连通了：文件夹里有 %(count)s 封，未读 %(new)s 封") % told)


@require_POST
@signed_in
@confirmed
def mailbox_opened(request: HttpRequest, mailbox_id: UUID) -> HttpResponse:
    is_open = request.POST.get("to") == _OPEN
    set_mailbox_open(actor=actor(request), at=clock.now(), mailbox_id=mailbox_id, is_open=is_open)
    messages.success(request, _("已启用") if is_open else _("已停用"))
    return redirect("mailbox", mailbox_id)


def _wanted(request: HttpRequest) -> MailboxState:
    sent = request.POST
    names = ("name", "host", "security", "login", "password", "folder", "proof", "verifier")
    texts = {name: sent.get(name, "") for name in names}
    return MailboxState(
        **texts,
        port=whole(sent.get("port", ""), 0),
        reads={name.removeprefix(_READS): str(sent[name]) for name in sent if name.startswith(_READS)},
        fixed={name.removeprefix(_FIXED): str(sent[name]) for name in sent if name.startswith(_FIXED)},
        opens=sent.get("opens") == "yes",
        keeps_days=whole(sent.get("keeps_days", ""), 0),
    )


def _page(request: HttpRequest, mailbox_id: UUID, *, refused: Unacceptable | None = None) -> HttpResponse:
    at = clock.now()
    page = spoken(mailbox_page(actor=actor(request), at=at, mailbox_id=mailbox_id))
    errors = sentences.field_errors(refused) if refused else {}
    wanted = _wanted(request) if refused else None
    context = {
        "frame": frame(request, "/organisation", at),
        "page": page,
        "error": unread(page.error),
        "server": tuple(_server(page, wanted, request.POST.get("port", "") if wanted else str(page.port), errors)),
        "answers": tuple(_answers(page, wanted, errors)),
        "proving": tuple(proving(wanted or page, errors)),
        "keeping": _keeping(request.POST.get("keeps_days", "") if wanted else str(page.keeps_days), errors),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/mailbox.html", context, status=refused.status if refused else 200)


def _server(page: MailboxPage, wanted: MailboxState | None, port: str, errors: Mapping[str, str]) -> Iterator[Field]:
    """`port`: as it was typed, a figure or not."""
    now, text = wanted or page, FieldKind.TEXT
    yield Field("name", _("名称"), text, now.name, is_required=True, error=errors.get("name", ""))
    told = _("例如 imap.example.com；用管道送信的（kesu mail receive）空着")
    yield Field("host", _("收信服务器（IMAP）"), text, now.host, help=told, error=errors.get("host", ""))
    yield Field("port", _("端口"), FieldKind.NUMBER, port, error=errors.get("port", ""))
    ways = tuple(Choice(code, str(label), now.security == code) for code, label in SECURITY.items())
    yield Field("security", _("加密"), FieldKind.CHOICE, choices=ways, error=errors.get("security", ""))
    yield Field("login", _("账号"), text, now.login, error=errors.get("login", ""))
    yield Field("folder", _("文件夹"), text, now.folder, error=errors.get("folder", ""))


def _answers(page: MailboxPage, wanted: MailboxState | None, errors: Mapping[str, str]) -> Iterator[Field]:
    if not page.asked:
        return
    reads, fixed = (wanted.reads, wanted.fixed) if wanted else (page.reads, page.fixed)
    names = {one.code: one.name for one in page.asked}
    for part, says in PARTS.items():
        values = (Choice("", _("不填"), not reads.get(part)), *_facts(page.parts[part], names, reads.get(part, "")))
        yield Field(f"{_READS}{part}", str(says), FieldKind.CHOICE, choices=values, error=errors.get("reads", ""))
    for one in (one for one in page.asked if one.type is FactType.CHOICE):
        label = _("%(name)s一律填") % {"name": one.name}
        wrong = errors.get("fixed", "")
        values = (Choice("", _("不填"), not fixed.get(one.code)), *_values(one, fixed.get(one.code, "")))
        yield Field(f"{_FIXED}{one.code}", label, FieldKind.CHOICE, choices=values, error=wrong)
    opens = wanted.opens if wanted else page.opens
    told = _("缺必填的、分不清是不是新事的，仍然等人来定")
    said = (Choice("yes", _("新来信够登记的，直接登记"), opens),)
    yield Field("opens", _("自动登记"), FieldKind.CHOICES, choices=said, help=told)


def _keeping(days: str, errors: Mapping[str, str]) -> Field:
    """`days`: as it was typed, a figure or not."""
    told = _("自动回复、退信和定为不是投诉的；成为诉件的随诉件保存，等人来定的一直留着")
    wrong = errors.get("keeps_days", "")
    return Field("keeps_days", _("保留多少天"), FieldKind.NUMBER, days, is_required=True, help=told, error=wrong)


def _facts(codes: tuple[str, ...], names: Mapping[str, str], chosen: str) -> Iterator[Choice]:
    for code in codes:
        yield Choice(code, names[code], code == chosen)


def _values(one: FieldView, chosen: str) -> Iterator[Choice]:
    for option in one.options:
        yield Choice(option.value, option.label, option.value == chosen)
