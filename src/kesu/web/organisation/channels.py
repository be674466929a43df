"""通知通道: what the installation sends messages by, and a trial of each; only for administrators."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kesu.access.permissions import Permission
from kesu.commands.messages.note_trial import note_trial
from kesu.core import clock
from kesu.notify import registry
from kesu.notify.carrying import Carrier, NotCarried, Words
from kesu.notify.channels.sms_aliyun import Aliyun
from kesu.web import when
from kesu.web.messages.wording import channel_name
from kesu.web.organisation.carried import failed_words
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in

CARRIERS: Final = {
    "file": gettext_lazy("写进文件夹，由人代发"),
    "aliyun": gettext_lazy("阿里云"),
    "app": gettext_lazy("公司应用发给个人"),
}
_TO: Final = {"sms": gettext_lazy("手机号")}
_LONGEST: Final = 100


@never_cache
@signed_in
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    actor(request).require(Permission.SOURCES_EDIT)
    carriers = registry.carriers(settings.KESU_CHANNELS)
    rows = [
        {
            "code": one,
            "name": channel_name(one),
            "carrier": CARRIERS.get(given["carrier"], given["carrier"]),
            "signature": given.get("signature", ""),
            "host": registry.host_of(given, carriers[one]),
            "to": _TO.get(one, _("那边的用户 ID")),
        }
        for one, given in settings.KESU_CHANNELS.items()
    ]
    context = {
        "frame": frame(request, "/organisation", clock.now()),
        "rows": rows,
        "mail": settings.KESU_SMTP_URL != "",
        "sender": settings.KESU_MAIL_FROM,
    }
    return render(request, "organisation/channels.html", context)


@require_POST
@signed_in
@confirmed
def tried(request: HttpRequest, key: str) -> HttpResponse:
    """Sends a trial that is about no case, at once, and says what the other side answered."""
    actor(request).require(Permission.SOURCES_EDIT)
    given = settings.KESU_CHANNELS.get(key)
    if given is None:
        raise Http404
    carrier = _carrier(key, tuple(sorted(given.items())))
    at = clock.now()
    note_trial(actor=actor(request), at=at, channel=key, name=channel_name(key), carrier=given["carrier"])
    send_trial(request, carrier, key, to=request.POST.get("to", "").strip()[:_LONGEST])
    return redirect("channels")


def send_trial(request: HttpRequest, carrier: Carrier, channel: str, *, to: str = "") -> None:
    """Leaves at once; what the other side answers is said on the next page."""
    try:
        named = carrier.carry(to=to, words=_trial(channel, carrier), key=f"trial.{uuid4().hex}")
    except NotCarried as failed:
        messages.error(request, _("没有发出：%(why)s") % {"why": failed_words(failed.reason)})
    else:
        told = _("已交给对方，编号 %(name)s") % {"name": named} if named else _("已交给对方")
        messages.success(request, told)


@lru_cache(maxsize=8)
def _carrier(channel: str, given: tuple[tuple[str, str], ...]) -> Carrier:
    """Kept, so that a token of the vendor's is fetched once and not for every trial."""
    return registry.carriers({channel: dict(given)})[channel]


def _trial(channel: str, carrier: Carrier) -> Words:
    """A gateway that takes approved texts only is tried with the first of them."""
    subject, stamp = _("这是一条试发的消息"), when.stamp(clock.now())
    values = (("what", subject), ("number", "KS-0"), ("due", stamp), ("clauses", "-"))
    notice = next(iter(carrier.templates), "") if isinstance(carrier, Aliyun) else ""
    facts = ((_("时间"), stamp), (_("通道"), channel_name(channel)))
    return Words(subject, f"{subject}\n\n{stamp}\n", facts, f"{settings.KESU_BASE_URL}/", notice=notice, values=values)
