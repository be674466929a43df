"""How another program proves that what it sends comes from it: HMAC-SHA256 over key, time and body, under a secret that
both know. Headers and form of the signature are those of Standard Webhooks (standardwebhooks.com), for which libraries
exist in most languages."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

KEY: Final = "webhook-id"
TIME: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
"""Names of the three headers."""
FRESH: Final = timedelta(minutes=5)
"""How far the time of sending may be from ours, either way."""
LONGEST_KEY: Final = 100
_VERSION: Final = "v1,"
_PREFIX: Final = "whsec_"
_MOST_SIGNATURES: Final = 5
_MOST_DIGITS: Final = 12


def new_secret() -> bytes:
    return secrets.token_bytes(32)


def written(secret: bytes) -> str:
    """The secret as it is handed over, and as libraries take it."""
    return f"{_PREFIX}{base64.b64encode(secret).decode()}"


def sign(secret: bytes, key: str, time: str, body: bytes) -> str:
    """What stands in the header. `time`: whole seconds since 1970, in figures."""
    digest = hmac.new(secret, f"{key}.{time}.".encode() + body, hashlib.sha256).digest()
    return f"{_VERSION}{base64.b64encode(digest).decode()}"


def is_signed(secret: bytes, key: str, time: str, signatures: str, body: bytes) -> bool:
    """Whether one of the signatures (several are parted by blanks, while a secret is being changed) is right."""
    right = sign(secret, key, time, body).encode()
    found = [one.encode() for one in signatures.split(" ")[:_MOST_SIGNATURES]]
    return sum(hmac.compare_digest(right, one) for one in found) > 0


def is_fresh(time: str, now: datetime) -> bool:
    """Whether it was sent just now, as far as the sender says."""
    if not (time.isascii() and time.isdigit() and len(time) < _MOST_DIGITS):
        return False
    return abs(now.timestamp() - int(time)) <= FRESH.total_seconds()
