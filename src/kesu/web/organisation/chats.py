"""工作群: the groups of work chats in which the program tells of what is urgent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kesu.commands.messages.note_chat_trial import note_chat_trial
from kesu.commands.organisation.remove_chat_place import remove_chat_place
from kesu.commands.organisation.set_chat_place import set_chat_place
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.notify import registry
from kesu.queries.organisation.chat_log import ChatMessage, chat_log
from kesu.queries.organisation.chat_places import ChatPlaceList, chat_places
from kesu.web import sentences
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.forms import figure, identifier
from kesu.web.messages.group_words import of_words
from kesu.web.messages.wording import LinePart, channel_name, language, line_part, state_words, why
from kesu.web.organisation.channels import send_trial
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in

_NAMES = ("name", "unit", "channel", "url", "secret", "words")


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def chats(request: HttpRequest) -> HttpResponse:
    at, who = clock.now(), actor(request)
    typed = {name: request.POST.get(name, "").strip() for name in _NAMES}
    refused: Unacceptable | None = None
    if request.method == "POST":
        said = {name: typed[name] for name in ("channel", "name", "url", "secret")}
        tells = typed["words"] == "yes"
        act = partial(set_chat_place, actor=who, at=at, unit_id=identifier(typed["unit"]), tells_words=tells, **said)
        try:
            _try(typed)
            act()
        except Unacceptable as fault:
            refused = fault
        else:
            messages.success(request, _("已保存"))
            return redirect("chats")
    found = chat_places(actor=who)
    errors = sentences.field_errors(refused) if refused is not None else {}
    shown = {
        "frame": frame(request, "/organisation", at),
        "rows": tuple((row, channel_name(row.channel)) for row in found.rows),
        "fields": tuple(_fields(found, typed, errors)),
        "refused": sentences.reason(refused) if refused is not None else "",
    }
    return render(request, "organisation/chats.html", shown, status=refused.status if refused is not None else 200)


def _try(typed: Mapping[str, str]) -> None:
    """Raises `Unacceptable` where no robot can be made of what was typed."""
    said = {name: typed[name] for name in ("url", "secret") if typed[name]}
    if typed["channel"] in registry.ROBOTS:
        try:
            registry.robot(typed["channel"], said)
        except ValueError:
            raise Unacceptable("unreadable", data={"fields": {"url": "no_robot"}, "refusals": ()}) from None


@require_POST
@signed_in
@confirmed
def chat_removed(request: HttpRequest, place: UUID) -> HttpResponse:
    remove_chat_place(actor=actor(request), at=clock.now(), place_id=place)
    messages.success(request, _("已保存"))
    return redirect("chats")


@never_cache
@signed_in
@require_safe
def chat(request: HttpRequest, place: UUID) -> HttpResponse:
    """What went there, and what became of it."""
    at = clock.now()
    before = figure(request.GET.get("before", ""), 0) or None
    found = chat_log(actor=actor(request), place_id=place, language=language(), older_than=before)
    shown = {
        "frame": frame(request, "/organisation", at),
        "now": at,
        "found": found,
        "channel": channel_name(found.channel),
        "rows": tuple((row, *_said(row)) for row in found.rows),
    }
    return render(request, "organisation/chat.html", shown)


def _said(row: ChatMessage) -> tuple[LinePart | None, str, str, str]:
    """The message as its readers saw it, where he sees the case; its result, how that looks, and why."""
    state, tone = state_words(row.state)
    return line_part(row.line) if row.line is not None else None, state, tone, why(row.error)


@require_POST
@signed_in
@confirmed
def chat_tried(request: HttpRequest, place: UUID) -> HttpResponse:
    """Sends a trial that is about no case, at once, and says what the work chat answered."""
    trial = note_chat_trial(actor=actor(request), at=clock.now(), place_id=place)
    try:
        carrier = registry.robot(trial.channel, trial.settings)
    except ValueError:
        messages.error(request, _("没有发出：机器人的地址或密钥不对，请去掉这个群，重新加一次"))
    else:
        send_trial(request, carrier, trial.channel)
    return redirect("chat-place", place)


def _fields(found: ChatPlaceList, typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    text, choice = FieldKind.TEXT, FieldKind.CHOICE
    yield Field("name", _("名称"), text, typed["name"], is_required=True, error=errors.get("name", ""))
    units = tuple(Choice(code, name, typed["unit"] == code) for code, name in found.units)
    where, wrong = _("只告诉这个单位和它下面的件；保密的件从不发到群里"), errors.get("unit", "")
    yield Field("unit", _("单位"), choice, choices=units, is_required=True, help=where, error=wrong)
    ways = tuple(Choice(one, channel_name(one), typed["channel"] == one) for one in found.channels)
    yield Field("channel", _("途径"), choice, choices=ways, is_required=True, error=errors.get("channel", ""))
    told, wrong = _("在群里添加机器人时给出的网址"), errors.get("url", "")
    yield Field("url", _("机器人的地址"), text, typed["url"], is_required=True, help=told, error=wrong)
    yield Field("secret", _("签名密钥"), text, typed["secret"], help=_("机器人设了签名校验的才填；存好以后不再显示"))
    yield of_words(typed["words"])
