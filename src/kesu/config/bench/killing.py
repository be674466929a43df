"""kill -9 of workers at random, while they have their hands full."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from typing import Final

from kesu.config.bench.machine import WORKER, family

_PAUSE: Final = (1.0, 6.0)
_MOST: Final = 8
"""Killed for ever, on a busy machine none would come to its work."""
_CHANCE: Final = SystemRandom()


@contextmanager
def killing(home: Path, is_wanted: bool) -> Iterator[list[int]]:
    """The numbers of those that were killed, while the block runs."""
    killed: list[int] = []
    is_over = threading.Event()
    killer = threading.Thread(target=_kill, args=(home, killed, is_over))
    if is_wanted:
        killer.start()
    try:
        yield killed
    finally:
        is_over.set()
        if is_wanted:
            killer.join()


def _kill(home: Path, killed: list[int], is_over: threading.Event) -> None:
    while len(killed) < _MOST and not is_over.wait(_CHANCE.uniform(*_PAUSE)):
        with suppress(OSError, ValueError, IndexError):  # none is there to be killed
            listed = json.loads((home / "run" / "children.json").read_text(encoding="utf-8"))
            roots = [int(row["pid"]) for row in listed if row["name"].startswith(WORKER)]
            pid = _CHANCE.choice(sorted(one for root in roots for one in family(root)))
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
