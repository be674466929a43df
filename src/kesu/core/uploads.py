"""A file as an edge hands it over: untrusted bytes with an untrusted name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 20 * 1024 * 1024
"""Of one file."""


@dataclass(frozen=True, slots=True)
class Upload:
    """`fact`: the file fact it answers. `name`: as the sender called it."""

    fact: str
    name: str
    content: bytes
