"""Passwords for a single use: drawn, not thought up, so that guessing them is hopeless however quickly one is tried."""

from __future__ import annotations

import secrets
from typing import Final

from argon2.low_level import Type, hash_secret

from kesu.core.ids import readable_code

_SALT_BYTES: Final = 16


def one_time_password() -> tuple[str, str]:
    """The password, and its hash as accounts keep it. Hashed in a fraction of the usual time, because hundreds may be
    handed out at once; the password that replaces it at the first use is hashed like every other."""
    password = readable_code(groups=3)
    salt = secrets.token_urlsafe(_SALT_BYTES).encode()
    plain = hash_secret(
        password.encode(), salt, time_cost=1, memory_cost=1024, parallelism=1, hash_len=32, type=Type.ID
    )
    return password, f"argon2{plain.decode()}"
