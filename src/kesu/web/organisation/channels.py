"""通知通道: what the installation sends messages by, and a trial of each; only for administrators."""

from __future__ import annotations

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
from kesu.notify.carrying import NotCarried, Words
from kesu.notify.channels.configured import Addressing, Channel
from kesu.web import when
from kesu.web.organisation.carried import failed_words
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, frame, signed_in

VENDORS: Final = {
    "sms-file": gettext_lazy("短信，写进文件夹"),
    "sms-aliyun": gettext_lazy("短信，阿里云"),
    "wecom-robot": gettext_lazy("企业微信群机器人"),
    "wecom": gettext_lazy("企业微信，发给个人"),
    "dingtalk-robot": gettext_lazy("钉钉群机器人"),
    "dingtalk": gettext_lazy("钉钉工作通知"),
    "feishu-robot": gettext_lazy("飞书群机器人"),
    "feishu": gettext_lazy("飞书，发给个人"),
}
_TO: Final = {
    Addressing.MOBILE: gettext_lazy("手机号"),
    Addressing.PERSON: gettext_lazy("那边的用户 ID"),
    Addressing.PLACE: "",
}
_LONGEST: Final = 100


@never_cache
@signed_in
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    actor(request).require(Permission.SOURCES_EDIT)
    context = {
        "frame": frame(request, "/organisation", clock.now()),
        "rows": [(one, VENDORS[one.vendor], _TO[one.addressing]) for one in settings.KESU_CHANNELS],
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
    found = next((one for one in settings.KESU_CHANNELS if one.key == key), None)
    if found is None:
        raise Http404
    at = clock.now()
    note_trial(actor=actor(request), at=at, channel=found.key, name=found.name, vendor=found.vendor)
    try:
        named = found.carrier.carry(
            to=request.POST.get("to", "").strip()[:_LONGEST], words=_trial(found), key=f"trial.{uuid4().hex}"
        )
    except NotCarried as failed:
        messages.error(request, _("没有发出：%(why)s") % {"why": failed_words(failed.reason)})
    else:
        told = _("已交给对方，编号 %(name)s") % {"name": named} if named else _("已交给对方")
        messages.success(request, told)
    return redirect("channels")


def _trial(channel: Channel) -> Words:
    """A gateway that takes approved texts only is tried with the first of them."""
    subject, stamp = _("这是一条试发的消息"), when.stamp(clock.now())
    values = (("what", subject), ("number", "KS-0"), ("due", stamp), ("clauses", "-"))
    notice = next(iter(channel.templates), "") if channel.templates else ""
    facts = ((_("时间"), stamp), (_("通道"), channel.name))
    return Words(subject, f"{subject}\n\n{stamp}\n", facts, f"{settings.KESU_BASE_URL}/", notice=notice, values=values)
