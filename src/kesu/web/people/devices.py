"""Devices and ways of signing in, in words."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kesu.commands.people.begin_session import Place
from kesu.web.visitors import address_of

_BROWSERS: Final = (
    ("wxwork", "wxwork"),
    ("MicroMessenger", "wechat"),
    ("DingTalk", "dingtalk"),
    ("Lark", "feishu"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("HarmonyOS", "harmony"),
    ("OpenHarmony", "harmony"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_NAMES: Final = {
    "wxwork": gettext_lazy("企业微信"),
    "wechat": gettext_lazy("微信"),
    "dingtalk": gettext_lazy("钉钉"),
    "feishu": gettext_lazy("飞书"),
    "harmony": gettext_lazy("鸿蒙"),
}
_WAYS: Final = {"password": gettext_lazy("密码"), "passkey": gettext_lazy("通行密钥")}
_SHOWN_GROUPS: Final = 3


def place_of(request: HttpRequest) -> Place:
    said = request.headers.get("User-Agent", "")
    return Place(_first(_BROWSERS, said), _first(_SYSTEMS, said), masked(address_of(request)))


def masked(address: str) -> str:
    """10.1.2.* and 2001:db8:1:…: enough to tell one's own places apart."""
    if ":" in address:
        return ":".join(address.split(":")[:_SHOWN_GROUPS]) + ":…"
    return f"{address.rpartition('.')[0]}.*" if address else ""


def device(browser: str, system: str) -> str:
    """Chrome · Windows."""
    known = [str(_NAMES.get(one, one)) for one in (browser, system) if one]
    return " · ".join(known) or _("不认识的设备")


def way(code: str) -> str:
    return str(_WAYS.get(code, code))


def _first(marks: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for mark, name in marks if mark in said), "")
