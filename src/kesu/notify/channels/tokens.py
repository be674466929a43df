"""Tokens that a vendor lends for a while: fetched once, used until shortly before they end, fetched anew when the
vendor takes one back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

_BEFORE: Final = timedelta(minutes=5)
"""So long before its end a token is not begun with any more."""


@dataclass(slots=True)
class Tokens:
    """`fetch`: asks for one, and says how long it is good. Several threads may ask at once: one of them fetches."""

    fetch: Callable[[], tuple[str, timedelta]]
    now: Callable[[], datetime]
    _token: str = field(default="", repr=False)
    _until: datetime | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def get(self) -> str:
        """Raises `NotCarried` where none is given."""
        with self._turn:
            if self._until is None or self.now() >= self._until:
                self._token, life = self.fetch()
                self._until = self.now() + max(life - _BEFORE, life / 2)
            return self._token

    def drop(self, token: str) -> None:
        """The vendor took it back. One that was fetched since stays."""
        with self._turn:
            if token == self._token:
                self._until = None
