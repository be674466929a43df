"""The processes that a supervisor keeps, and the list by which a later one finds those it left behind."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kesu.config.supervise import log_files, processes

MARK = "KESU_SUPERVISED"
_SLOWEST = 10.0
_CALM = 60.0
"""Seconds of life after which a child is thought healthy again and its next death is answered at once."""
_LOG_LIMIT = 10_000_000
_PATIENCE = 8.0


class Child:
    """A program that is started again whenever it ends. It leads a process group, so that its own children end too."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.mark = secrets.token_hex(12)
        self.restarts = 0
        self._command = list(command)
        self._environment = {**environment, MARK: self.mark}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._not_before = 0.0
        self._delay = 0.0

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def keep(self) -> str | None:
        """Call often. Starts the child when it is not running and may be; says in one line what happened."""
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                log_files.bound(self._log, _LOG_LIMIT)
                return None
            # Whatever the dead one left in its group would hold the port or the work.
            processes.end_group(self._process.pid, 0.5)
            self._delay = 0.0 if now - self._began > _CALM else min(max(self._delay * 2, 0.25), _SLOWEST)
            self._not_before = now + self._delay
            self._process = None
            self.restarts += 1
            return f"{self.name} 意外结束（{code}），{self._delay:.2g} s 后重新启动；记录：{self._log}"
        if now >= self._not_before:
            self._start(now)
        return None

    def stop(self) -> None:
        if self._process is None:
            return
        processes.end_group(self._process.pid, _PATIENCE)
        self._process.wait()
        self._process = None

    def _start(self, now: float) -> None:
        log_files.bound(self._log, _LOG_LIMIT)
        with self._log.open("ab") as record:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=record,
                stderr=record,
                start_new_session=True,
            )
        self._began = now


@dataclass(frozen=True)
class _Known:
    """A line of the list: enough to tell the process from a later one with the same number."""

    name: str
    pid: int
    started: str
    mark: str


def write_list(path: Path, children: Sequence[Child]) -> None:
    rows = []
    for child in children:
        if child.pid is not None:
            began = processes.started(child.pid) or ""
            rows.append({"name": child.name, "pid": child.pid, "started": began, "mark": child.mark})
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(rows), encoding="utf-8")
    os.replace(unfinished, path)


def end_orphans(path: Path) -> list[str]:
    """Ends what a killed supervisor left running, and nothing else. Returns the names of what was found."""
    found = []
    for known in _read_list(path):
        is_leader = bool(known.started) and processes.started(known.pid) == known.started
        if is_leader or processes.group_members(known.pid, f"{MARK}={known.mark}"):
            processes.end_group(known.pid, 0.5)
            found.append(known.name)
    path.unlink(missing_ok=True)
    return found


def _read_list(path: Path) -> list[_Known]:
    try:
        return [_Known(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError):
        # Cut short by a power failure: there is nothing to be learned from it.
        return []
