"""我的通知设置: by which channels somebody is told, when not, and what waits for once a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kesu.commands.people.choose_notices import choose_notices
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.people.notice_choice import NoticeChoiceNow, notice_choice
from kesu.web import sentences
from kesu.web.fields import Choice, Field, FieldKind
from kesu.web.messages.wording import channel_name
from kesu.web.session import actor, frame, signed_in

_MAIL: Final = "mail"
_HOURS: Final = ("quiet_from", "quiet_until", "digest_at")
_ZONES: Final = {
    "Asia/Shanghai": gettext_lazy("北京时间"),
    "Asia/Urumqi": gettext_lazy("乌鲁木齐时间"),
    "Asia/Hong_Kong": gettext_lazy("香港时间"),
    "Asia/Tokyo": gettext_lazy("东京时间"),
    "Asia/Singapore": gettext_lazy("新加坡时间"),
    "Asia/Dubai": gettext_lazy("迪拜时间"),
    "Europe/London": gettext_lazy("伦敦时间"),
    "Europe/Berlin": gettext_lazy("柏林时间"),
    "America/New_York": gettext_lazy("纽约时间"),
    "America/Los_Angeles": gettext_lazy("洛杉矶时间"),
    "Australia/Sydney": gettext_lazy("悉尼时间"),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notice_choice_view(request: HttpRequest) -> HttpResponse:
    now = notice_choice(actor=actor(request))
    if request.method != "POST":
        return _page(request, now, _stated(now), None)
    typed = {name: request.POST.get(name, "").strip() for name in _stated(now)}
    places = [typed[name] for name in typed if name.startswith("place_") and typed[name]]
    addresses = {name.removeprefix("address_"): typed[name] for name in typed if name.startswith("address_")}
    try:
        choose_notices(
            actor=actor(request),
            channels=places,
            addresses=addresses,
            zone=typed["zone"],
            quiet_from=typed["quiet_from"],
            quiet_until=typed["quiet_until"],
            digest_at=typed["digest_at"],
        )
    except Unacceptable as refused:
        return _page(request, now, typed, refused)
    messages.success(request, _("已保存"))
    return redirect("notice-choice")


def _offered(now: NoticeChoiceNow) -> tuple[str, ...]:
    """Those that are set up in this house, and those that he has already."""
    ready = {_MAIL, *settings.KESU_CHANNELS, *now.channels}
    return tuple(channel for channel in now.offered if channel in ready)


def _stated(now: NoticeChoiceNow) -> dict[str, str]:
    offered = _offered(now)
    places = {f"place_{nth}": now.channels[nth] if nth < len(now.channels) else "" for nth, _one in enumerate(offered)}
    known = {f"address_{one}": str(now.addresses.get(one, "")) for one in offered if one != _MAIL}
    hours = {name: _hour(getattr(now, name)) for name in _HOURS}
    return {**places, **known, **hours, "zone": now.zone or settings.TIME_ZONE}


def _hour(at: time | None) -> str:
    return f"{at:%H:%M}" if at is not None else ""


def _page(
    request: HttpRequest, now: NoticeChoiceNow, typed: Mapping[str, str], refused: Unacceptable | None
) -> HttpResponse:
    errors = sentences.field_errors(refused) if refused is not None else {}
    shown = {
        "frame": frame(request, "", clock.now()),
        "ways": tuple(_ways(now, typed, errors)),
        "hours": tuple(_times(typed, errors)),
        "email": now.email,
        "refused": sentences.reason(refused) if refused is not None else "",
    }
    return render(request, "messages/choosing.html", shown, status=refused.status if refused is not None else 200)


def _ways(now: NoticeChoiceNow, typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    offered = _offered(now)
    for nth, _one in enumerate(offered):
        name = f"place_{nth}"
        label = _("先试") if nth == 0 else _("不成再试（%(nth)s）") % {"nth": nth + 1}
        none = Choice("", _("只在页面上") if nth == 0 else _("不用"), not typed[name])
        choices = (none, *(Choice(one, channel_name(one), typed[name] == one) for one in offered))
        yield Field(name, label, FieldKind.CHOICE, typed[name], choices, error=errors.get("channels", "") * (nth == 0))
    for one in offered:
        name = f"address_{one}"
        if one != _MAIL:
            label = _("手机号") if one == "sms" else _("%(channel)s里的账号") % {"channel": channel_name(one)}
            yield Field(name, label, FieldKind.TEXT, typed[name], error=errors.get(name, ""))


def _times(typed: Mapping[str, str], errors: Mapping[str, str]) -> Iterator[Field]:
    text = FieldKind.TEXT
    begins, ends = _("从几点起不打扰"), _("到几点为止")
    example = _("例如 22:00；不填就不限")
    yield Field("quiet_from", begins, text, typed["quiet_from"], help=example, error=errors.get("quiet_from", ""))
    yield Field("quiet_until", ends, text, typed["quiet_until"], error=errors.get("quiet_until", ""))
    zones = dict.fromkeys((typed["zone"], *_ZONES))
    choices = tuple(
        Choice(one, str(_ZONES.get(one, one.replace("_", " "))), typed["zone"] == one) for one in zones if one
    )
    wrong = errors.get("zone", "")
    yield Field("zone", _("按哪里的时间"), FieldKind.CHOICE, typed["zone"], choices, error=wrong)
    waits = _("每天几点汇总成一条")
    told = _("抄送、告知和证件提醒等可以等的；不填就随到随发。紧急的从不等")
    yield Field("digest_at", waits, text, typed["digest_at"], help=told, error=errors.get("digest_at", ""))
