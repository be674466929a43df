"""The codes of authenticator apps (RFC 6238: SHA-1, six figures, thirty seconds), which is what all apps speak."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote

from kesu.core.codes import half_width

_STEP: Final = 30
_FIGURES: Final = 6
_DRIFT: Final = 1
"""Steps by which a telephone's clock may be wrong, either way."""


def new_secret() -> bytes:
    return secrets.token_bytes(20)


def code_of(secret: bytes, step: int) -> str:
    from cryptography.hazmat.primitives.hashes import SHA1  # only where somebody shows a code
    from cryptography.hazmat.primitives.twofactor.hotp import HOTP

    return HOTP(secret, _FIGURES, SHA1()).generate(step).decode()  # noqa: S303  the standard's hash


def step_at(at: datetime) -> int:
    return int(at.timestamp()) // _STEP


def step_of_code(secret: bytes, code: str, at: datetime, *, after: int) -> int | None:
    """The step of time that `code` belongs to; None for a wrong one and for one of a step that is not after `after`,
    the last that was used."""
    plain = "".join(half_width(code).split())
    if len(plain) != _FIGURES or not (plain.isascii() and plain.isdigit()):
        return None
    now, found = step_at(at), None
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        if secrets.compare_digest(code_of(secret, step).encode(), plain.encode()) and step > after:
            found = step
    return found


def written(secret: bytes) -> str:
    """The secret as one types it: base 32 in groups of four."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def address(secret: bytes, *, issuer: str, login: str) -> str:
    """What the app reads from the picture."""
    plain = written(secret).replace(" ", "")
    return f"otpauth://totp/{quote(issuer)}:{quote(login)}?secret={plain}&issuer={quote(issuer)}"
