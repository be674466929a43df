"""What the operating system knows of a process. A process number alone proves nothing: numbers are used again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

_PROC = Path("/proc")


def started(pid: int) -> str | None:
    """When the living process `pid` began, as an opaque text that no later process with that number shares.

    None when there is no such process, or only its remains (a zombie).
    """
    if _PROC.is_dir():
        fields = _stat(pid)
        return None if fields is None or fields[0] in "ZX" else fields[19]
    told = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.strip() or None


def works_in(pid: int, folder: Path, program: str) -> bool:
    """Whether `pid` is a living `program` whose working folder is `folder`."""
    if started(pid) is None:
        return False
    if not _PROC.is_dir():
        told = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return program in told.stdout and str(folder) in told.stdout
    try:
        name = (_PROC / str(pid) / "comm").read_text(encoding="utf-8").strip()
        return name == program and Path(os.readlink(_PROC / str(pid) / "cwd")) == folder.resolve()
    except OSError:
        return False


def group_members(group: int, mark: str) -> list[int]:
    """Living processes of the process group `group` that carry `mark` in their environment (Linux only)."""
    members = []
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if not entry.name.isdigit():
            continue
        fields = _stat(int(entry.name))
        if fields is None or fields[0] in "ZX" or int(fields[2]) != group:
            continue
        try:
            if mark.encode() in (entry / "environ").read_bytes():
                members.append(int(entry.name))
        except OSError:
            continue
    return members


def end_group(group: int, seconds: float) -> None:
    """Asks the whole process group to end, and after `seconds` makes it."""
    if not _signal_group(group, signal.SIGTERM):
        return
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not _group_lives(group):
            return
        time.sleep(0.03)
    _signal_group(group, signal.SIGKILL)


def _group_lives(group: int) -> bool:
    if not _PROC.is_dir():
        return _signal_group(group, 0)
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields is not None and fields[0] not in "ZX" and int(fields[2]) == group:
                return True
    return False


def _signal_group(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the state on: 0 state, 1 parent, 2 group, 19 start time."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()
