"""Channels, states and reasons of messages in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kesu.access.letters import Line
from kesu.core.letter import UNREADABLE, Letter
from kesu.notify.carrying import Words
from kesu.notify.letters import worded
from kesu.web.organisation.carried import failed_words

CHANNELS: Final = {
    "mail": gettext_lazy("邮件"),
    "sms": gettext_lazy("短信"),
    "wecom": gettext_lazy("企业微信"),
    "dingtalk": gettext_lazy("钉钉"),
    "feishu": gettext_lazy("飞书"),
    "wecom_robot": gettext_lazy("企业微信群机器人"),
    "dingtalk_robot": gettext_lazy("钉钉群机器人"),
    "feishu_robot": gettext_lazy("飞书群机器人"),
    "webhook": gettext_lazy("网址回调"),
    "screen": gettext_lazy("页面"),
    "paper": gettext_lazy("纸质信件"),
}
_RECIPIENTS: Final = {
    "customer": gettext_lazy("客户"),
    "representative": gettext_lazy("代表"),
    "guest": gettext_lazy("外部协作"),
    "robot": gettext_lazy("工作群"),
}
_STATES: Final = {
    "due": gettext_lazy("待发"),
    "sent": gettext_lazy("已发出"),
    "held": gettext_lazy("留着"),
    "failed": gettext_lazy("没有送达"),
    "replaced": gettext_lazy("已改由别的途径"),
    "dropped": gettext_lazy("已放弃"),
}
_TONES: Final = {"sent": "ok", "failed": "late", "held": "br"}
_ERRORS: Final = {
    "no_server": gettext_lazy("这个途径还没有设置，设置好以后会发出"),
    "no_address": gettext_lazy("没有地址"),
    "by_hand": gettext_lazy("要打印出来，由人送达"),
    "account_closed": gettext_lazy("账号已停用"),
    "not_let_in": gettext_lazy("他已经看不到这一件"),
    "link_over": gettext_lazy("链接已经收回或到期"),
    "place_removed": gettext_lazy("这个群已经去掉"),
    "settings": gettext_lazy("群机器人的设置不对"),
}
_CAME_BACK: Final = re.compile(r"bounced(?: ([245]\.\d{1,3}\.\d{1,3}))?")
_BOUNCES: Final = {
    "5.1.": gettext_lazy("没有这个地址"),
    "5.2.1": gettext_lazy("邮箱停用了"),
    "5.2.2": gettext_lazy("邮箱满了"),
    "5.2.3": gettext_lazy("邮件太大"),
    "5.3.4": gettext_lazy("邮件太大"),
    "5.4.": gettext_lazy("找不到对方的服务器"),
    "5.7.": gettext_lazy("对方不收我们的邮件"),
}
"""By how the status begins that its server gave (RFC 3463)."""


@dataclass(frozen=True, slots=True)
class LinePart:
    """One message in words. `what`: its heading; `text`: all of it, as it was sent, or as it would be."""

    line: Line
    to: str
    channel: str
    state: str
    tone: str
    why: str
    what: str
    text: str


def channel_name(channel: str) -> str:
    return str(CHANNELS.get(channel, channel))


def state_words(state: str) -> tuple[str, str]:
    """What became of a message, and how that looks."""
    return str(_STATES.get(state, state)), _TONES.get(state, "")


def why(error: str) -> str:
    """What the other side said stands as it said it."""
    came_back = _CAME_BACK.fullmatch(error)
    if came_back is None:
        return str(_ERRORS[error]) if error in _ERRORS else failed_words(error)
    code = came_back[1] or ""
    told = next((text for start, text in _BOUNCES.items() if code.startswith(start)), gettext_lazy("没有说原因"))
    said = _("对方的邮件服务器退回了：%(why)s") % {"why": told}
    return _("%(said)s（%(code)s）") % {"said": said, "code": code} if code else said


def in_words(letter: Letter) -> Words:
    """As its reader would get it, in the language of the page. One that cannot be written keeps no page from him."""
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        return worded(letter, "", zone)
    except Exception:
        return worded(replace(letter, template=UNREADABLE, subject="", clauses=(), data={}), "", zone)


def line_part(line: Line) -> LinePart:
    now = in_words(line.letter)
    who = _RECIPIENTS.get(line.recipient)
    return LinePart(
        line=line,
        to=_("%(who)s：%(name)s") % {"who": who, "name": line.to} if who and line.to else str(who or line.to),
        channel=channel_name(line.channel),
        state=_("已送到") if line.arrived_at else str(_STATES.get(line.state, line.state)),
        tone=_TONES.get(line.state, ""),
        why=why(line.error),
        what=line.subject or now.subject,
        text=line.text,
    )


def language() -> str:
    return get_language() or settings.LANGUAGE_CODE
