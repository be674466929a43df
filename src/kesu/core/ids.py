"""Identifiers. Time-ordered for ordinary rows, random for everything whose very time of birth must stay hidden."""

from __future__ import annotations

import secrets
import uuid

from kesu.core.clock import now

_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: a code may be copied by hand."""


def uuid7() -> uuid.UUID:
    """A UUID of version 7: 48 bits of Unix milliseconds, then random bits."""
    millis = int(now().timestamp() * 1000)
    value = (millis & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= secrets.randbits(12) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return uuid.UUID(int=value)


def readable_code_of(seed: bytes, groups: int = 4, size: int = 4) -> str:
    """The same kind of code, found again from the same secret seed (at least 16 bytes)."""
    number = int.from_bytes(seed)
    signs = []
    for _ in range(groups * size):
        number, sign = divmod(number, len(_READABLE))
        signs.append(_READABLE[sign])
    return "-".join("".join(signs[i * size : (i + 1) * size]) for i in range(groups))


def readable_code(groups: int = 4, size: int = 4) -> str:
    """A random code in groups that a person can copy without mistakes: 4 × 4 of 31 signs is 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(size)) for _ in range(groups))
