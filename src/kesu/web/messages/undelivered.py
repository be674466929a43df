"""没有送达: each message with its reason, and what can be done: send again, another way, hand over, give up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kesu.commands.messages.give_up_message import give_up_message
from kesu.commands.messages.hand_over_message import hand_over_message
from kesu.commands.messages.send_again import send_again
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.messages.undelivered import Undelivered, undelivered
from kesu.web import sentences
from kesu.web.forms import figure
from kesu.web.messages.wording import LinePart, channel_name, language, line_part
from kesu.web.session import actor, frame, signed_in


@dataclass(frozen=True, slots=True)
class RowPart:
    """`typed` and `errors`: of the form on this row that was refused."""

    row: Undelivered
    part: LinePart
    ways: tuple[tuple[str, str], ...]
    typed: Mapping[str, str]
    errors: Mapping[str, str]


@require_safe
@signed_in
def undelivered_list(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, refused: Unacceptable | None = None, message: int = 0) -> HttpResponse:
    at, after = clock.now(), figure(request.GET.get("after", ""), 0)
    # What was refused stands first, wherever on the list it was.
    start = message - 1 if refused is not None else after
    found = undelivered(actor=actor(request), language=language(), newer_than=start)
    errors = sentences.field_errors(refused) if refused is not None else {}
    typed = {name: request.POST.get(name, "") for name in ("channel", "address", "why", "how")}
    ready = {"mail", *settings.KESU_CHANNELS}
    parts = []
    for row in found.rows:
        is_it = row.line.id == message and refused is not None
        ways = tuple(
            (way, channel_name(way))
            for way in row.ways
            if way in ready and (row.takes_address or way != row.line.channel)
        )
        parts.append(RowPart(row, line_part(row.line), ways, typed if is_it else {}, errors if is_it else {}))
    shown = {"parts": parts, "after": found.after, "now": at, "refused": sentences.reason(refused) if refused else ""}
    status = refused.status if refused is not None else 200
    return render(request, "messages/undelivered.html", {"frame": frame(request, "", at), **shown}, status=status)


def _done(request: HttpRequest, message: int, act: Callable[[], None], said: str) -> HttpResponse:
    try:
        act()
    except Unacceptable as refused:
        return _page(request, refused, message)
    messages.success(request, said)
    return redirect("undelivered")


@require_POST
@signed_in
def message_again(request: HttpRequest, message: int) -> HttpResponse:
    channel, address = request.POST.get("channel", ""), request.POST.get("address", "")
    who, at = actor(request), clock.now()
    act = partial(send_again, actor=who, at=at, message_id=message, channel=channel, address=address)
    return _done(request, message, act, _("会再发一次"))


@require_POST
@signed_in
def message_given_up(request: HttpRequest, message: int) -> HttpResponse:
    said = request.POST.get("why", "")
    act = partial(give_up_message, actor=actor(request), at=clock.now(), message_id=message, why=said)
    return _done(request, message, act, _("已放弃，理由留在件里"))


@require_POST
@signed_in
def message_handed(request: HttpRequest, message: int) -> HttpResponse:
    said = request.POST.get("how", "")
    act = partial(hand_over_message, actor=actor(request), at=clock.now(), message_id=message, how=said)
    return _done(request, message, act, _("已登记送达"))
