"""The channels of this installation: what the operator wrote into `channels.yaml`.

Read strictly: what is not understood ends the start instead of losing messages later. No sentence here holds a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from kesu.core.sign_on import is_safe
from kesu.notify.carrying import Carrier, Greeter
from kesu.notify.channels import dingtalk, feishu, sms_aliyun, wecom
from kesu.notify.channels.sms import NAMES, Template
from kesu.notify.channels.sms_aliyun import Aliyun
from kesu.notify.channels.sms_file import FileGateway

_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,15}")


class ChannelsUnreadable(Exception):
    """What is wrong with the file, in a sentence; never with a secret in it."""


class Addressing(StrEnum):
    """What `to` is."""

    MOBILE = "mobile"
    PERSON = "person"
    PLACE = "place"
    """Nothing: it has one place."""


class _Known(Carrier, Greeter, Protocol):
    """What every channel of a file can do."""


@dataclass(frozen=True, slots=True)
class Channel:
    """`key`: by which messages name it; `host`: that it asks, empty for a folder; `templates`: of a gateway
    that takes approved texts only; `signature`: of short messages."""

    key: str
    name: str
    vendor: str
    addressing: Addressing
    host: str
    carrier: _Known = field(repr=False)
    templates: Mapping[str, Template] | None = None
    signature: str = ""


def read(path: Path) -> tuple[Channel, ...]:
    """Raises `ChannelsUnreadable`."""
    import yaml  # only where there is such a file

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as fault:
        raise ChannelsUnreadable(f"{path.name} cannot be read: {type(fault).__name__}") from None
    rows = document.get("channels") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise ChannelsUnreadable(f"{path.name} must hold a list named channels")
    found = tuple(_channel(row, f"channel {number}") for number, row in enumerate(rows, start=1))
    if len({one.key for one in found}) != len(found):
        raise ChannelsUnreadable(f"{path.name}: two channels have the same key")
    return found


@dataclass(frozen=True, slots=True)
class _Vendor:
    """`asked`: what must be written, `secret` among it (or the file that holds it); `base`: the vendor's own address;
    `make`: of what was written."""

    addressing: Addressing
    asked: tuple[str, ...]
    secrets: tuple[str, ...]
    base: str
    make: Callable[[Mapping[str, Any]], _Known]
    more: tuple[str, ...] = ()


def _channel(row: Any, where: str) -> Channel:
    if not isinstance(row, dict):
        raise ChannelsUnreadable(f"{where} must be a list of names and values")
    given = {str(name): value for name, value in row.items()}
    vendor = _VENDORS.get(str(given.pop("vendor", "")))
    if vendor is None:
        raise ChannelsUnreadable(f"{where}: vendor is one of {', '.join(sorted(_VENDORS))}")
    _take_files(given, vendor, where)
    known = {"key", "name", *vendor.asked, *vendor.more, *(("base",) if vendor.base else ())}
    unknown = set(given) - known
    if unknown:
        raise ChannelsUnreadable(f"{where}: unknown {', '.join(sorted(unknown))}")
    for name in ("key", "name", *vendor.asked):
        if not given.get(name) or (isinstance(given[name], str) and not given[name].strip()):
            raise ChannelsUnreadable(f"{where}: {name} is missing")
    _check(given, where)
    base = str(given.get("base") or vendor.base).rstrip("/")
    given["base"] = base
    return Channel(
        key=given["key"],
        name=str(given["name"]),
        vendor=str(row["vendor"]),
        addressing=vendor.addressing,
        host=urlsplit(base).hostname or "",
        carrier=vendor.make(given),
        templates=given.get("templates"),
        signature=str(given.get("signature", "")),
    )


def _take_files(given: dict[str, Any], vendor: _Vendor, where: str) -> None:
    """A secret may stand in a file of its own."""
    for name in vendor.secrets:
        file = given.pop(f"{name}_file", None)
        if file is None:
            continue
        try:
            given[name] = Path(str(file)).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise ChannelsUnreadable(f"{where}: {name}_file cannot be read: {fault.strerror}") from None


def _check(given: dict[str, Any], where: str) -> None:
    if not isinstance(given["key"], str) or not _KEY.fullmatch(given["key"]):
        raise ChannelsUnreadable(f"{where}: key must be small letters, figures and -, at most 16")
    if "base" in given and not is_safe(str(given["base"])):
        raise ChannelsUnreadable(f"{where}: base must begin with https://")
    if "agent" in given and type(given["agent"]) is not int:
        raise ChannelsUnreadable(f"{where}: agent is a whole number")
    if given.get("names_by", "user_id") not in {"user_id", "open_id", "union_id", "email"}:
        raise ChannelsUnreadable(f"{where}: names_by is user_id, open_id, union_id or email")
    if "signature" in given and set(str(given["signature"])) & set("【】[]"):
        raise ChannelsUnreadable(f"{where}: signature stands without its brackets")
    if "templates" in given:
        given["templates"] = _templates(given["templates"], where)


def _templates(rows: Any, where: str) -> dict[str, Template]:
    if not isinstance(rows, dict):
        raise ChannelsUnreadable(f"{where}: templates is a list of notices, each with code and text")
    return {str(notice): _template(row, f"{where}: template of {notice}") for notice, row in rows.items()}


def _template(row: Any, where: str) -> Template:
    if not isinstance(row, dict) or not {"code", "text"} <= set(row) <= {"code", "text", "names"}:
        raise ChannelsUnreadable(f"{where} has code, text, and names where the vendor's are others")
    names = row.get("names", {})
    if not isinstance(names, dict):
        raise ChannelsUnreadable(f"{where}: names says which value each variable stands for")
    found = Template(str(row["code"]), str(row["text"]), {str(one): str(meant) for one, meant in names.items()})
    for variable in found.variables():
        if found.meant_by(variable) not in NAMES:
            raise ChannelsUnreadable(f"{where}: ${{{variable}}} stands for none of {', '.join(NAMES)}")
    return found


def _aliyun(given: Mapping[str, Any]) -> _Known:
    return Aliyun(given["key_id"], given["secret"], given["signature"], given["templates"], given["base"])


_VENDORS: Final[dict[str, _Vendor]] = {
    "sms-file": _Vendor(
        Addressing.MOBILE,
        ("folder", "signature"),
        (),
        "",
        lambda given: FileGateway(Path(str(given["folder"])), given["signature"]),
    ),
    "sms-aliyun": _Vendor(
        Addressing.MOBILE, ("key_id", "secret", "signature", "templates"), ("secret",), sms_aliyun.BASE, _aliyun
    ),
    "wecom-robot": _Vendor(
        Addressing.PLACE,
        ("secret",),
        ("secret",),
        wecom.BASE,
        lambda given: wecom.Robot(given["secret"], given["base"]),
    ),
    "wecom": _Vendor(
        Addressing.PERSON,
        ("corp", "secret", "agent"),
        ("secret",),
        wecom.BASE,
        lambda given: wecom.App(given["corp"], given["secret"], given["agent"], given["base"]),
    ),
    "dingtalk-robot": _Vendor(
        Addressing.PLACE,
        ("token", "secret"),
        ("token", "secret"),
        dingtalk.BASE,
        lambda given: dingtalk.Robot(given["token"], given["secret"], given["base"]),
    ),
    "dingtalk": _Vendor(
        Addressing.PERSON,
        ("app", "secret", "agent"),
        ("secret",),
        dingtalk.BASE,
        lambda given: dingtalk.App(given["app"], given["secret"], given["agent"], given["base"]),
    ),
    "feishu-robot": _Vendor(
        Addressing.PLACE,
        ("token", "secret"),
        ("token", "secret"),
        feishu.BASE,
        lambda given: feishu.Robot(given["token"], given["secret"], given["base"]),
    ),
    "feishu": _Vendor(
        Addressing.PERSON,
        ("app", "secret"),
        ("secret",),
        feishu.BASE,
        lambda given: feishu.App(given["app"], given["secret"], given.get("names_by", "user_id"), given["base"]),
        more=("names_by",),
    ),
}
