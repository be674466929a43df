"""Looks from outside at what the workers write: when each escalation is there for everybody to see."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from kesu.core import clock

_LOOK: Final = 0.05
_SETTLED: Final = 3.0
"""Seconds after which nearly no transaction is open any more that took a lower number."""
_WHOLE: Final = 5.0
"""Seconds after which all is looked at once more, for one that was."""
_NEW: Final = """
SELECT id, case_id, facts->>'effect' FROM store_caseevent WHERE id > %s AND facts ? 'effect' ORDER BY id
"""

Act = tuple[UUID, str]
"""A case, and the key of what was done in it."""


@dataclass(slots=True)
class Watch:
    """`seen`: the instant at which each act was there first, by the clock of the program; a look more than twenty times
    a second, so that it is late by a twentieth of a second at most."""

    seen: dict[Act, datetime] = field(default_factory=dict)

    def has_all(self, acts: set[Act]) -> bool:
        return acts <= self.seen.keys()


@contextmanager
def watching(address: str) -> Iterator[Watch]:
    """Watches until the block ends."""
    watch, is_over = Watch(), threading.Event()
    with psycopg.connect(address, autocommit=True) as own:
        found = own.execute("SELECT coalesce(max(id), 0) FROM store_caseevent").fetchone()
        assert found is not None
        watcher = threading.Thread(target=_look, args=(own, int(found[0]), watch, is_over))
        watcher.start()
        try:
            yield watch
        finally:
            is_over.set()
            watcher.join()


def _look(own: psycopg.Connection, last: int, watch: Watch, is_over: threading.Event) -> None:
    """Numbers are given before they are to be seen: it looks again at the last few seconds each time."""
    ends: deque[tuple[float, int]] = deque()
    first, whole = last, time.monotonic()
    while not is_over.wait(_LOOK):
        is_whole = time.monotonic() > whole + _WHOLE
        rows = own.execute(_NEW, [first if is_whole else last]).fetchall()
        at, now = clock.now(), time.monotonic()
        whole = now if is_whole else whole
        for _number, case, effect in rows:
            watch.seen.setdefault((case, effect), at)
        if rows:
            ends.append((now, rows[-1][0]))
        while ends and ends[0][0] < now - _SETTLED:
            last = ends.popleft()[1]
