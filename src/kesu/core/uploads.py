"""A file as an edge hands it over: untrusted bytes with an untrusted name. And how much of anything is taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kesu.core.signatures import Signed

MAX_BYTES: Final = 20 * 1024 * 1024
"""Of one file."""

MAX_BODY_BYTES: Final = 10 * MAX_BYTES
"""Of one request: room for every file that a step takes, and for one too many: then the form itself says which."""

BODY_STATE: Final = "kesu.body"
"""The key of a `BodyState` in a request's environment; without it the body is whole."""


class BodyState(StrEnum):
    """What has come of the body of a request."""

    WHOLE = "whole"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True)
class Upload:
    """`fact`: the file fact it answers. `name`: as the sender called it. `signed`: it is a signature that the program
    took down itself."""

    fact: str
    name: str
    content: bytes
    signed: Signed | None = None

    @property
    def sha256(self) -> str:
        """Of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()
