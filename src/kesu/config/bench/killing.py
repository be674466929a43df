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
from typing import Final, NamedTuple

from kesu.config.bench.machine import WORKER, family


class Pace(NamedTuple):
    """Between two kills so many seconds at least and at most; `most`: then they are left alone, for on a busy machine
    none would ever come to its work."""

    least: float
    longest: float
    most: int


IN_A_WAVE: Final = Pace(1.0, 6.0, 8)
IN_A_YEAR: Final = Pace(10.0, 50.0, 10_000)
_CHANCE: Final = SystemRandom()


@contextmanager
def killing(home: Path, pace: Pace | None) -> Iterator[list[int]]:
    """The numbers of those that were killed, while the block runs."""
    killed: list[int] = []
    if pace is None:
        yield killed
        return
    is_over = threading.Event()
    killer = threading.Thread(target=_kill, args=(home, pace, killed, is_over))
    killer.start()
    try:
        yield killed
    finally:
        is_over.set()
        killer.join()


def _kill(home: Path, pace: Pace, killed: list[int], is_over: threading.Event) -> None:
    while len(killed) < pace.most and not is_over.wait(_CHANCE.uniform(pace.least, pace.longest)):
        with suppress(OSError, ValueError, IndexError):  # none is there to be killed
            listed = json.loads((home / "run" / "children.json").read_text(encoding="utf-8"))
            roots = [int(row["pid"]) for row in listed if row["name"].startswith(WORKER)]
            pid = _CHANCE.choice(sorted(one for root in roots for one in family(root)))
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
