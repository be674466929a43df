"""Addresses that somebody of the house types, and to which the program then talks."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 500


def is_hook_address(address: str) -> bool:
    """As far as the address itself tells: no account in it, no mark, and a host. Where it leads shows itself when it is
    asked."""
    if len(address) > _LONGEST or not address.isascii() or any(sign <= " " for sign in address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    is_plain = parts.username is None and parts.password is None and not parts.fragment
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and is_plain and port != 0


def host_of(address: str) -> str:
    """What may be told of it: the rest can hold a secret."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
