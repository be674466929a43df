"""What processes cost, as the kernel counts it (Linux): processor time and memory."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_TICK: Final = os.sysconf("SC_CLK_TCK")
WEB, WORKER = "网页服务", "后台任务"
"""Names under which the supervisor lists its children."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time by process."""

    web: Mapping[int, float]
    worker: Mapping[int, float]
    database: Mapping[int, float]

    def since(self, before: Spent) -> Split:
        """Of all processes together, also of those that came meanwhile."""
        return Split(
            _grown(self.web, before.web), _grown(self.worker, before.worker), _grown(self.database, before.database)
        )


@dataclass(frozen=True, slots=True)
class Split:
    """Seconds of processor time by part of the program."""

    web: float
    worker: float
    database: float

    @property
    def all(self) -> float:
        return self.web + self.worker + self.database


def _grown(after: Mapping[int, float], before: Mapping[int, float]) -> float:
    return sum(max(0.0, used - before.get(pid, 0.0)) for pid, used in after.items())


@dataclass(frozen=True, slots=True)
class Server:
    """The processes of a running program: the web server with its workers, the worker, the database."""

    web: frozenset[int]
    worker: frozenset[int]
    database: frozenset[int]

    @classmethod
    def find(cls, home: Path, postmaster: int) -> Server:
        listed = json.loads((home / "run" / "children.json").read_text(encoding="utf-8"))
        roots = {row["name"]: int(row["pid"]) for row in listed}
        return cls(family(roots[WEB]), family(roots[WORKER]), family(postmaster))

    def cpu(self) -> Spent:
        """What its processes have used so far."""
        web, worker, database = self.web, self.worker, self.database | _children_of(self.database)
        return Spent(*({pid: _cpu(pid) for pid in pids} for pids in (web, worker, database)))


def family(root: int) -> frozenset[int]:
    """A process with all that descend from it."""
    found, new = {root}, {root}
    while new:
        new = _children_of(new) - found
        found |= new
    return frozenset(found)


def memory(pids: Collection[int]) -> float:
    """Proportional set size in MiB: what is shared counts in part for each that shares it."""
    return sum(_pss(pid) for pid in pids) / 1024


def processors() -> int:
    return len(os.sched_getaffinity(0))


def load() -> float:
    """How many processes wanted a processor in the last minute."""
    return os.getloadavg()[0]


def _pss(pid: int) -> int:
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def _children_of(parents: Collection[int]) -> set[int]:
    found = set()
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields is not None and int(fields[1]) in parents:
                found.add(int(entry.name))
    return found


def _cpu(pid: int) -> float:
    """Of all its threads, by the scheduler's own count; by the coarse one of the clock where the kernel keeps none."""
    try:
        threads = list((_PROC / str(pid) / "task").iterdir())
        return sum(int((one / "schedstat").read_text(encoding="utf-8").split()[0]) for one in threads) / 1e9
    except OSError:
        fields = _stat(pid)
        return 0.0 if fields is None else sum(int(ticks) for ticks in fields[11:13]) / _TICK


def _stat(pid: int) -> list[str] | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()
