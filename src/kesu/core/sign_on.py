"""The services by which a company signs its people on: what the operator wrote into `sign-on.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_NEAR: Final = {"localhost", "127.0.0.1", "::1"}


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


@dataclass(frozen=True, slots=True)
class SamlProvider:
    """`issuer`: its entity id; `certificate`: what it signs with, as PEM; the rest as in `Provider`."""

    key: str
    name: str
    issuer: str
    sso_url: str
    certificate: str
    login_attribute: str = ""
    is_sure: bool = False


AnyProvider = Provider | SamlProvider


def read(path: Path) -> tuple[AnyProvider, ...]:
    """Raises `SignOnUnreadable`."""
    import yaml  # only where there is such a file

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as fault:
        raise SignOnUnreadable(f"{path.name} cannot be read: {type(fault).__name__}") from fault
    rows = document.get("providers") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise SignOnUnreadable(f"{path.name} must hold a list named providers")
    found = tuple(_provider(row, f"provider {number}") for number, row in enumerate(rows, start=1))
    if len({one.key for one in found}) != len(found):
        raise SignOnUnreadable(f"{path.name}: two providers have the same key")
    return found


def is_safe(address: str) -> bool:
    """Encrypted, or on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _NEAR)


def _provider(row: Any, where: str) -> AnyProvider:
    if not isinstance(row, dict):
        raise SignOnUnreadable(f"{where} must be a list of names and values")
    given = {str(name): value for name, value in row.items()}
    speaks = given.pop("protocol", "oidc")
    if speaks not in _PROTOCOLS:
        raise SignOnUnreadable(f"{where}: protocol is oidc or saml")
    made, required, address, from_file = _PROTOCOLS[speaks]
    if f"{from_file}_file" in given:
        try:
            given[from_file] = Path(str(given.pop(f"{from_file}_file"))).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise SignOnUnreadable(f"{where}: {from_file}_file cannot be read: {fault.strerror}") from fault
    unknown = set(given) - {field.name for field in fields(made)}
    if unknown:
        raise SignOnUnreadable(f"{where}: unknown {', '.join(sorted(unknown))}")
    _check(given, required, address, where)
    provider: AnyProvider = made(**given)
    return provider


def _check(given: dict[str, Any], required: tuple[str, ...], address: str, where: str) -> None:
    for name in required:
        if not isinstance(given.get(name), str) or not given[name].strip():
            raise SignOnUnreadable(f"{where}: {name} is missing")
    if not _KEY.fullmatch(given["key"]):
        raise SignOnUnreadable(f"{where}: key must be small letters, figures and -")
    if not is_safe(given[address]):
        raise SignOnUnreadable(f"{where}: {address} must begin with https://")
    named = [given.get(name, "") for name in ("login_claim", "login_attribute")]
    if not isinstance(given.get("is_sure", False), bool) or not all(isinstance(one, str) for one in named):
        raise SignOnUnreadable(f"{where}: is_sure is true or false, login_claim and login_attribute are names")


_PROTOCOLS: Final[dict[str, tuple[Any, tuple[str, ...], str, str]]] = {
    "oidc": (Provider, ("key", "name", "issuer", "client_id", "client_secret"), "issuer", "client_secret"),
    "saml": (SamlProvider, ("key", "name", "issuer", "sso_url", "certificate"), "sso_url", "certificate"),
}
