"""Which carrier serves which channel: what the operator wrote into `channels.yaml`, and what the program knows to make.

A channel that reaches one person (short messages, personal messages of a work chat) is set up once for the whole house,
in that file. A robot of a work chat is set up by the unit whose chat it is; its address and secret stand in the
database.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kesu.notify.carrying import Carrier
from kesu.notify.channels.offered import CARRIERS, ROBOTS, Settings

__all__ = ["MAIL", "ROBOTS", "ChannelsUnreadable", "carriers", "host_of", "read", "robot"]

MAIL: Final = "mail"
"""Set up apart, by KESU_SMTP_URL."""


class ChannelsUnreadable(Exception):
    """What is wrong with the file, in a sentence; never with a secret in it."""


def read(path: Path) -> dict[str, dict[str, str]]:
    """Channel → its settings, as they stand in the file; `carrier` names who carries it. A value may be kept in a file
    of its own: ``secret_file: /run/secrets/sms``. Raises `ChannelsUnreadable`."""
    import yaml  # only where there is such a file

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as fault:
        raise ChannelsUnreadable(f"{path.name} cannot be read: {type(fault).__name__}") from fault
    rows = document.get("channels") if isinstance(document, dict) else None
    if not isinstance(rows, dict):
        raise ChannelsUnreadable(f"{path.name} must hold channels, each with its settings")
    return {str(channel): _settings(path, str(channel), row) for channel, row in rows.items()}


def _settings(path: Path, channel: str, row: Any) -> dict[str, str]:
    if channel == MAIL:
        raise ChannelsUnreadable(f"{path.name}: mail is set up by KESU_SMTP_URL")
    if not isinstance(row, dict) or not isinstance(row.get("carrier"), str):
        raise ChannelsUnreadable(f"{path.name}: {channel} must name its carrier")
    found: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, dict | list) or value is None:
            raise ChannelsUnreadable(f"{path.name}: {channel}.{name} must be one value")
        key, of_file, rest = str(name).rpartition("_file")
        if not of_file or rest:
            found[str(name)] = str(value)
            continue
        try:
            found[key] = Path(str(value)).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise ChannelsUnreadable(f"{path.name}: {channel}.{name} cannot be read: {fault.strerror}") from fault
    return found


def carriers(chosen: Mapping[str, Settings]) -> dict[str, Carrier]:
    """By channel. Raises `ChannelsUnreadable` where the program knows no such carrier, or it cannot be made."""
    return {channel: _made(channel, settings) for channel, settings in chosen.items()}


def _made(channel: str, settings: Settings) -> Carrier:
    known = CARRIERS.get(channel, {})
    maker = known.get(settings["carrier"])
    if maker is None:
        offered = ", ".join(sorted(known)) or "none"
        raise ChannelsUnreadable(f"{channel} has no carrier named {settings['carrier']}; there is: {offered}")
    try:
        return maker({name: value for name, value in settings.items() if name != "carrier"})
    except ValueError as fault:
        raise ChannelsUnreadable(f"{channel}: {fault}") from fault


def robot(channel: str, settings: Settings) -> Carrier:
    """Of one place in a work chat. Raises `ValueError` for what was set wrongly, `KeyError` for no such channel."""
    return ROBOTS[channel](settings)


def host_of(settings: Settings, carrier: Carrier) -> str:
    """The host that a carrier asks; empty where it asks none."""
    return urlsplit(settings.get("base") or str(getattr(carrier, "base", ""))).hostname or ""
