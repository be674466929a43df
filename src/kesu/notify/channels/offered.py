"""What the program can make a carrier of: the settings of a channel in the operator's file, the address and secret of a
robot that a unit has set up. What is not understood is told in a sentence, never with a secret in it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import parse_qs, urlsplit

from django.conf import settings as house

from kesu.core.hook_addresses import is_hook_address
from kesu.core.sign_on import is_safe
from kesu.notify.carrying import Carrier
from kesu.notify.channels import dingtalk, feishu, sms_aliyun, wecom
from kesu.notify.channels.posting import Reach
from kesu.notify.channels.sms import NAMES, Template
from kesu.notify.channels.sms_aliyun import Aliyun
from kesu.notify.channels.sms_file import FileGateway
from kesu.notify.channels.webhook import Hook

Settings = Mapping[str, str]
Maker = Callable[[Settings], Carrier]
"""Makes a carrier of what was set. Raises `ValueError` with a sentence, and no secret in it, where that will not do."""
_MARK: Final = "whsec_"


def _wrong(sentence: str) -> NoReturn:
    raise ValueError(sentence)


def _given(settings: Settings, *asked: str, more: tuple[str, ...] = ("base",)) -> Settings:
    """Raises `ValueError` for what is missing, and for what nobody knows: a slip of the pen must not be lost."""
    for name in asked:
        if not settings.get(name, "").strip():
            _wrong(f"{name} is missing")
    unknown = set(settings) - {*asked, *more}
    if unknown:
        _wrong(f"unknown {', '.join(sorted(unknown))}")
    if "base" in settings and not is_safe(settings["base"]):
        _wrong("base must begin with https://")
    return settings


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else _wrong("agent is a whole number")


def _base(settings: Settings, own: str) -> str:
    return settings.get("base", own).rstrip("/")


def _signature(text: str) -> str:
    return _wrong("signature stands without its brackets") if set(text) & set("【】[]") else text


def sms_file(settings: Settings) -> FileGateway:
    given = _given(settings, "folder", "signature", more=())
    return FileGateway(Path(given["folder"]), _signature(given["signature"]))


def sms_by_aliyun(settings: Settings) -> Aliyun:
    given = _given(settings, "key_id", "secret", "signature", "templates")
    return Aliyun(
        given["key_id"],
        given["secret"],
        _signature(given["signature"]),
        templates_in(given["templates"]),
        _base(given, sms_aliyun.BASE),
    )


def templates_in(text: str) -> dict[str, Template]:
    """What stands in the file of templates. Raises `ValueError`."""
    import yaml  # only where there is such a file

    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError:
        _wrong("templates cannot be read")
    if not isinstance(rows, dict) or not rows:
        _wrong("templates must be a list of notices, each with code and text")
    return {str(notice): _template(row, str(notice)) for notice, row in rows.items()}


def _template(row: Any, notice: str) -> Template:
    if not isinstance(row, dict) or not {"code", "text"} <= set(row) <= {"code", "text", "names"}:
        _wrong(f"the template of {notice} has code, text, and names where the vendor's are others")
    names = row.get("names", {})
    if not isinstance(names, dict):
        _wrong(f"the template of {notice}: names says which value each variable stands for")
    found = Template(str(row["code"]), str(row["text"]), {str(one): str(meant) for one, meant in names.items()})
    for variable in found.variables():
        if found.meant_by(variable) not in NAMES:
            _wrong(f"the template of {notice}: ${{{variable}}} stands for none of {', '.join(NAMES)}")
    return found


def wecom_app(settings: Settings) -> wecom.App:
    given = _given(settings, "corp", "agent", "secret")
    return wecom.App(given["corp"], given["secret"], _number(given["agent"]), _base(given, wecom.BASE))


def dingtalk_app(settings: Settings) -> dingtalk.App:
    given = _given(settings, "app", "agent", "secret")
    return dingtalk.App(given["app"], given["secret"], _number(given["agent"]), _base(given, dingtalk.BASE))


def feishu_app(settings: Settings) -> feishu.App:
    given = _given(settings, "app", "secret", more=("base", "names_by"))
    names_by = given.get("names_by", "user_id")
    if names_by not in {"user_id", "open_id", "union_id", "email"}:
        _wrong("names_by is user_id, open_id, union_id or email")
    return feishu.App(given["app"], given["secret"], names_by, _base(given, feishu.BASE))


def _place(settings: Settings) -> tuple[str, str, dict[str, str]]:
    """Base, path and what is asked of an address that somebody of a unit set. Raises `ValueError`."""
    address = settings.get("url", "")
    if not is_hook_address(address):
        _wrong("url is no address")
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return f"{parts.scheme}://{parts.netloc}", parts.path, asked


def _guarded() -> Reach:
    """Whoever sets up a robot is not the operator: his addresses lead only out of the house."""
    return Reach(is_guarded=True, inside=house.KESU_HOOKS_INSIDE)


def wecom_robot(settings: Settings) -> wecom.Robot:
    base, _path, asked = _place(settings)
    return wecom.Robot(asked.get("key") or _wrong("url has no key"), base, _guarded())


def dingtalk_robot(settings: Settings) -> dingtalk.Robot:
    base, _path, asked = _place(settings)
    token = asked.get("access_token") or _wrong("url has no access_token")
    return dingtalk.Robot(token, settings.get("secret", ""), base, reach=_guarded())


def feishu_robot(settings: Settings) -> feishu.Robot:
    base, path, _asked = _place(settings)
    token = path.rpartition("/")[2] or _wrong("url has no token")
    return feishu.Robot(token, settings.get("secret", ""), base, reach=_guarded())


def webhook(settings: Settings) -> Hook:
    """A place of a unit that is told as a work chat is; of a secret in the form of Standard Webhooks, or any other."""
    _place(settings)
    text = settings.get("secret", "") or _wrong("secret is missing")
    try:
        coded = text.removeprefix(_MARK)
        secret = text.encode() if coded == text else base64.b64decode(coded, validate=True)
    except binascii.Error:
        _wrong("secret is not in base64")
    return Hook(settings["url"], (secret,), house.KESU_HOOKS_INSIDE)


CARRIERS: Final[dict[str, dict[str, Maker]]] = {
    "sms": {"file": sms_file, "aliyun": sms_by_aliyun},
    "wecom": {"app": wecom_app},
    "dingtalk": {"app": dingtalk_app},
    "feishu": {"app": feishu_app},
}
"""Channel → name of a carrier → what makes it of the settings in the file."""
ROBOTS: Final[dict[str, Maker]] = {
    "wecom_robot": wecom_robot,
    "dingtalk_robot": dingtalk_robot,
    "feishu_robot": feishu_robot,
    "webhook": webhook,
}
"""Channel → what makes the carrier of one place in a work chat of its `url` and `secret`."""
