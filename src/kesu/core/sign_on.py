"""The services by which a company signs its people on: what the operator wrote into `sign-on.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_NEAR: Final = {"localhost", "127.0.0.1", "::1"}
_REQUIRED: Final = ("key", "name", "issuer", "client_id", "client_secret")


class SignOnUnreadable(Exception):
    """What is wrong with the file, in a sentence; never with a secret in it."""


@dataclass(frozen=True, slots=True)
class Provider:
    """`login_claim`: the claim that names an account by its login when somebody comes for the first time (empty: an
    administrator links everybody); `is_sure`: the service asks for a second factor itself."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    login_claim: str = ""
    is_sure: bool = False


def read(path: Path) -> tuple[Provider, ...]:
    """Raises `SignOnUnreadable`."""
    import yaml  # only where there is such a file

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as fault:
        raise SignOnUnreadable(f"{path.name} cannot be read: {type(fault).__name__}") from fault
    rows = document.get("providers") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise SignOnUnreadable(f"{path.name} must hold a list named providers")
    found = tuple(_provider(row, number) for number, row in enumerate(rows, start=1))
    if len({one.key for one in found}) != len(found):
        raise SignOnUnreadable(f"{path.name}: two providers have the same key")
    return found


def is_safe(address: str) -> bool:
    """Encrypted, or on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _NEAR)


def _provider(row: Any, number: int) -> Provider:
    where = f"provider {number}"
    if not isinstance(row, dict):
        raise SignOnUnreadable(f"{where} must be a list of names and values")
    given = dict(row)
    if "client_secret_file" in given:
        try:
            given["client_secret"] = Path(str(given.pop("client_secret_file"))).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise SignOnUnreadable(f"{where}: client_secret_file cannot be read: {fault.strerror}") from fault
    unknown = set(given) - {field.name for field in fields(Provider)}
    if unknown:
        raise SignOnUnreadable(f"{where}: unknown {', '.join(sorted(map(str, unknown)))}")
    for name in _REQUIRED:
        if not isinstance(given.get(name), str) or not given[name].strip():
            raise SignOnUnreadable(f"{where}: {name} is missing")
    if not _KEY.fullmatch(given["key"]):
        raise SignOnUnreadable(f"{where}: key must be small letters, figures and -")
    if not is_safe(given["issuer"]):
        raise SignOnUnreadable(f"{where}: issuer must begin with https://")
    if not isinstance(given.get("is_sure", False), bool) or not isinstance(given.get("login_claim", ""), str):
        raise SignOnUnreadable(f"{where}: is_sure is true or false, login_claim a name")
    return Provider(**given)
