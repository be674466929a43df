"""外部协作: links for those outside of the house who have a part in one case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kesu.commands.cases.invite_guest import invite_guest
from kesu.commands.cases.tell_guest import tell_guest
from kesu.commands.cases.withdraw_guest import withdraw_guest
from kesu.core import clock
from kesu.core.errors import NotNow, Refused, Unacceptable
from kesu.queries.cases.guest_list import GuestLine, GuestList, guest_list
from kesu.web import sentences, when
from kesu.web.cases.drawing import shut_words
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.joining import strung
from kesu.web.session import actor, frame, signed_in
from kesu.web.slices import midnight, read_day
from kesu.web.words import spoken

_USUAL: Final = timedelta(days=14)
_NAMES: Final = ("name", "slot", "task", "ends", "sees_person", "for_customer", "interim", "address", "form_token")
_SIDES: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class GuestPart:
    line: GuestLine
    link: str
    state: str
    invited: str
    talk: tuple[tuple[str, str, str, bool], ...]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def guests(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A form sent here invites somebody."""
    at = clock.now()
    typed = {name: request.POST.get(name, "") for name in _NAMES}
    if request.method != "POST":
        return _page(request, case_id, {"ends": (when.local(at).date() + _USUAL).isoformat()}, None)
    try:
        invite_guest(
            actor=actor(request),
            at=at,
            case_id=case_id,
            name=typed["name"],
            slot=typed["slot"],
            task=typed["task"],
            ends_at=_end_of(typed["ends"]),
            sees_person=typed["sees_person"] == "yes",
            for_customer=_SIDES.get(typed["for_customer"]),
            is_interim=typed["interim"] == "yes",
            address=typed["address"],
            token=typed["form_token"],
        )
    except (Unacceptable, NotNow) as refused:
        return _page(request, case_id, typed, refused)
    messages.success(request, _("链接已生成，请复制给对方"))
    return redirect("case-guests", case_id)


@require_POST
@signed_in
def guest_told(request: HttpRequest, case_id: UUID, guest_id: UUID) -> HttpResponse:
    text, interim = request.POST.get("text", ""), request.POST.get("interim", "")
    try:
        tell_guest(
            actor=actor(request),
            at=clock.now(),
            case_id=case_id,
            guest_id=guest_id,
            text=text,
            token=request.POST.get("form_token", ""),
            is_interim=interim == "yes",
        )
    except (Unacceptable, NotNow) as refused:
        return _page(request, case_id, {}, refused, told=guest_id, words={"text": text, "interim": interim})
    return redirect("case-guests", case_id)


@require_POST
@signed_in
def guest_withdrawn(request: HttpRequest, case_id: UUID, guest_id: UUID) -> HttpResponse:
    withdraw_guest(actor=actor(request), at=clock.now(), case_id=case_id, guest_id=guest_id)
    return redirect("case-guests", case_id)


def _end_of(text: str) -> datetime:
    """The end of the day that is typed."""
    day = read_day(text)
    if day is None:
        raise Unacceptable("unreadable", data={"fields": {"ends": "day_unreadable"}, "refusals": ()})
    return midnight(day + timedelta(days=1))


def _page(
    request: HttpRequest,
    case_id: UUID,
    typed: Mapping[str, str],
    refused: Refused | None,
    *,
    told: UUID | None = None,
    words: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    at = clock.now()
    found = spoken(guest_list(actor=actor(request), at=at, case_id=case_id))
    errors = sentences.field_errors(refused) if refused and told is None else {}
    context = {
        "frame": frame(request, "/cases", at),
        "found": found,
        "parts": tuple(_part(request, line, at) for line in found.guests),
        "fields": tuple(_fields(found, typed, errors)),
        "refused": sentences.reason(refused) if refused and told is None else "",
        "told": told,
        "words": words,
        "lock": _lock(found),
        "shut": shut_words(found.shut),
        "told_error": sentences.reason(refused) if refused and told is not None else "",
    }
    return render(request, "cases/guests.html", context, status=refused.status if refused else 200)


def _lock(found: GuestList) -> str:
    return strung(sentences.lock(one.says, [clause.printed for clause in one.clauses]) for one in found.locks)


def _part(request: HttpRequest, line: GuestLine, at: datetime) -> GuestPart:
    link = request.build_absolute_uri(reverse("guest", args=[line.secret])) if line.secret else ""
    if line.withdrawn_at is not None:
        state = _("已收回")
    elif at >= line.ends_at:
        state = _("已过期")
    else:
        state = _("已打开") if line.opened_at else _("还没有打开")
    said = tuple(
        (when.stamp(one.at), line.name if one.is_his else _("我们"), one.text, one.is_interim) for one in line.talk
    )
    return GuestPart(line, link, state, when.stamp(line.invited_at), said)


def _fields(found: GuestList, typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    text, said = FieldKind.TEXT, typed.get("sees_person", "")
    yield Field("name", _("对方名称"), text, typed.get("name", ""), is_required=True, error=errors.get("name", ""))
    yield _side_field(typed.get("for_customer", ""), errors.get("for_customer", ""))
    if found.slots:
        yield _slot_field(found, typed.get("slot", ""), errors.get("slot", ""))
    task, wrong = typed.get("task", ""), errors.get("task", "")
    yield Field("task", _("请对方做什么"), FieldKind.TEXTAREA, task, is_required=True, error=wrong)
    if found.locks:
        label, said_so = _("这条只说进度，不含方案和答复"), typed.get("interim", "")
        yield Field("interim", label, FieldKind.FLAG, said_so, help=_lock(found))
    ends = typed.get("ends", "")
    yield Field("ends", _("链接有效到"), FieldKind.DATE, ends, is_required=True, error=errors.get("ends", ""))
    where, sent_to = typed.get("address", ""), _("填了就把链接发给他，以后有新的消息也告诉他；不填就由您转给他")
    wrong = errors.get("address", "")
    yield Field("address", _("对方的手机号或邮箱"), FieldKind.TEXT, where, help=sent_to, error=wrong)
    help_text = _("没有客户同意，对方看不到姓名、电话和房号")
    yield Field("sees_person", _("客户同意把姓名、电话和房号给对方"), FieldKind.FLAG, said, help=help_text)


def _side_field(chosen: str, error: str) -> Field:
    sides = (
        Choice("yes", _("客户一边，会带话给客户"), chosen == "yes"),
        Choice("no", _("不在客户一边：我们请来办事的，被投诉的一方"), chosen == "no"),
    )
    help_text = _("家属、律师、调解人在客户一边：批准以前也只能知道进度；施工单位、检测机构、被投诉的一方不在")
    label, kind = _("对方站在哪一边"), FieldKind.CHOICE
    return Field("for_customer", label, kind, choices=sides, help=help_text, error=error, is_required=True)


def _slot_field(found: GuestList, chosen: str, error: str) -> Field:
    """Only where the policy opens a role to outsiders."""
    none = Choice("", _("不按岗位，只看和留言"), not chosen)
    slots = (none, *(Choice(one.code, one.name, chosen == one.code) for one in found.slots))
    help_text = _("选了岗位，对方可以办制度留给这个岗位的步骤")
    label, kind = _("按制度里的哪个岗位参与"), FieldKind.CHOICE
    return Field("slot", label, kind, choices=slots, help=help_text, error=error)
