"""事件推送: programs outside that are told what happens; only for administrators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kesu.access.hooks import EVENTS
from kesu.commands.hooks.change_hook import change_hook
from kesu.commands.hooks.deliver_again import deliver_again
from kesu.commands.hooks.make_hook import MadeHook, make_hook
from kesu.commands.hooks.renew_hook_secret import renew_hook_secret
from kesu.commands.hooks.set_hook_open import set_hook_open
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.notify.carrying import NotCarried
from kesu.notify.channels.webhook import Hook
from kesu.queries.hooks.hook_list import HookList, hook_list
from kesu.queries.hooks.hook_page import HookPage, hook_page, trial_of
from kesu.web import sentences
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.forms import identifier
from kesu.web.organisation.carried import failed_words
from kesu.web.organisation.sources import KEEPS
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken

EVENT_NAMES: Final = {
    "opened": gettext_lazy("登记"),
    "step": gettext_lazy("办理步骤"),
    "approval": gettext_lazy("审批"),
    "level": gettext_lazy("级别变化"),
    "reminded": gettext_lazy("提醒"),
    "escalated": gettext_lazy("超时升级"),
    "notice": gettext_lazy("发出通知"),
}
STATES: Final = {
    "due": gettext_lazy("等着发"),
    "sent": gettext_lazy("已送达"),
    "failed": gettext_lazy("没有送达"),
    "kept": gettext_lazy("已移到别的单位，不推"),
}
_SHUT: Final = {"gone": gettext_lazy("对方说不再要（HTTP 410），已自动停用")}
_KEEPS_SAID: Final = {
    "": gettext_lazy("立刻只用新的"),
    "hour": gettext_lazy("一小时内两个都签"),
    "day": gettext_lazy("一天内两个都签"),
    "week": gettext_lazy("七天内两个都签"),
}


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def hooks(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    refused: Unacceptable | None = None
    if request.method == "POST":
        sent = request.POST
        try:
            made = make_hook(
                actor=actor(request),
                at=at,
                name=sent.get("name", ""),
                address=sent.get("address", ""),
                unit_id=identifier(sent.get("unit", "")),
                kinds=sent.getlist("kinds"),
                events=sent.getlist("events"),
            )
            return _page(request, made.hook_id, made=made)
        except Unacceptable as fault:
            refused = fault
    found = spoken(hook_list(actor=actor(request), at=at))
    context = {
        "frame": frame(request, "/organisation", at),
        "rows": tuple((one, _SHUT.get(one.shut_for, "")) for one in found.rows),
        "fields": tuple(_new(request, found, sentences.field_errors(refused) if refused else {})),
        "refused": sentences.reason(refused) if refused else "",
    }
    return render(request, "organisation/hooks.html", context, status=refused.status if refused else 200)


def _new(request: HttpRequest, found: HookList, errors: Mapping[str, str]) -> Iterator[Field]:
    sent = request.POST
    yield from _named(sent.get("name", ""), sent.get("address", ""), errors)
    units = tuple(Choice(code, name, sent.get("unit") == code) for code, name in found.units)
    where = _("只推这个单位和它下面的诉件")
    yield Field(
        "unit", _("单位"), FieldKind.CHOICE, choices=units, is_required=True, help=where, error=errors.get("unit", "")
    )
    chosen = sent.getlist("events") if request.method == "POST" else ["opened", "escalated"]
    yield from _wanted(found.kinds, sent.getlist("kinds"), chosen, errors)


def _named(name: str, address: str, errors: Mapping[str, str]) -> Iterator[Field]:
    yield Field("name", _("名称"), FieldKind.TEXT, name, is_required=True, error=errors.get("name", ""))
    told = _("例如 https://crm.example.com/kesu。内网地址要先由运维放行")
    yield Field(
        "address", _("推到哪里"), FieldKind.TEXT, address, is_required=True, help=told, error=errors.get("address", "")
    )


def _wanted(
    kinds: tuple[tuple[str, str], ...], chosen: list[str], events: list[str], errors: Mapping[str, str]
) -> Iterator[Field]:
    ticks = tuple(Choice(one, str(EVENT_NAMES[one]), one in events) for one in EVENTS)
    yield Field("events", _("哪些事件"), FieldKind.CHOICES, choices=ticks, error=errors.get("events", ""))
    of_kinds = tuple(Choice(code, name, code in chosen) for code, name in kinds)
    told = _("一个都不选就是全部；举报等保密渠道的件从不推送")
    yield Field("kinds", _("哪些种类"), FieldKind.CHOICES, choices=of_kinds, help=told, error=errors.get("kinds", ""))


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def hook(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """A form sent here says of what it is told."""
    if request.method != "POST":
        return _page(request, hook_id)
    sent = request.POST
    try:
        change_hook(
            actor=actor(request),
            at=clock.now(),
            hook_id=hook_id,
            name=sent.get("name", ""),
            address=sent.get("address", ""),
            kinds=sent.getlist("kinds"),
            events=sent.getlist("events"),
        )
    except Unacceptable as refused:
        return _page(request, hook_id, refused=refused)
    messages.success(request, _("已保存"))
    return redirect("hook", hook_id)


@never_cache
@require_POST
@signed_in
@confirmed
def renewed(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    keeps = KEEPS.get(request.POST.get("keeps", ""), timedelta(0))
    secret = renew_hook_secret(actor=actor(request), at=clock.now(), hook_id=hook_id, keeps=keeps)
    return _page(request, hook_id, made=MadeHook(hook_id, secret))


@require_POST
@signed_in
@confirmed
def opened(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    is_open = request.POST.get("to") == "open"
    set_hook_open(actor=actor(request), at=clock.now(), hook_id=hook_id, is_open=is_open)
    messages.success(request, _("已启用") if is_open else _("已停用"))
    return redirect("hook", hook_id)


@require_POST
@signed_in
@confirmed
def sent_again(request: HttpRequest, hook_id: UUID, delivery: int) -> HttpResponse:
    deliver_again(actor=actor(request), at=clock.now(), hook_id=hook_id, delivery_id=delivery)
    messages.success(request, _("几秒内再推一次，结果看这一行"))
    return redirect("hook", hook_id)


@require_POST
@signed_in
@confirmed
def tried(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """Sends a trial that is about no case, and says what was answered."""
    at = clock.now()
    address, secrets = trial_of(actor=actor(request), at=at, hook_id=hook_id)
    carrier = Hook(address, secrets, settings.KESU_HOOKS_INSIDE)
    try:
        status = carrier.deliver({"type": "ping", "timestamp": at.isoformat(), "data": {}}, key=f"ping.{uuid4().hex}")
    except NotCarried as failed:
        messages.error(request, _("没有送达：%(why)s") % {"why": failed_words(failed.reason)})
    else:
        messages.success(request, _("送达，对方答复 HTTP %(status)s") % {"status": status})
    return redirect("hook", hook_id)


def _page(
    request: HttpRequest, hook_id: UUID, *, made: MadeHook | None = None, refused: Unacceptable | None = None
) -> HttpResponse:
    at = clock.now()
    state = request.GET.get("state", "")
    page = spoken(hook_page(actor=actor(request), at=at, hook_id=hook_id, state=state if state in STATES else ""))
    context = {
        "frame": frame(request, "/organisation", at),
        "page": page,
        "state": state,
        "shut_for": _SHUT.get(page.shut_for, ""),
        "secret": made.secret if made else "",
        "keeps": tuple(_KEEPS_SAID.items()),
        "fields": tuple(_fields(request, page, refused)),
        "refused": sentences.reason(refused) if refused else "",
        "rows": [(one, EVENT_NAMES.get(one.event, one.event), STATES[one.state], _answer(one.status, one.reason))
                 for one in page.rows],
    }  # fmt: skip
    return render(request, "organisation/hook.html", context, status=refused.status if refused else 200)


def _answer(status: int | None, reason: str) -> str:
    if status is not None:
        return f"HTTP {status}"
    return failed_words(reason) if reason else ""


def _fields(request: HttpRequest, page: HookPage, refused: Unacceptable | None) -> Iterator[Field]:
    errors = sentences.field_errors(refused) if refused else {}
    sent = request.POST
    if refused:
        yield from _named(sent.get("name", ""), sent.get("address", ""), errors)
        yield from _wanted(page.offered, sent.getlist("kinds"), sent.getlist("events"), errors)
    else:
        yield from _named(page.name, page.address, errors)
        yield from _wanted(page.offered, sorted(page.kinds), sorted(page.events), errors)
