"""Runs other programs with their output in one log file, so that a failure can be read afterwards."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kesu.config.trouble import Trouble

_TAIL = 6
"""Lines of output repeated on the screen after a failure; the rest is in the log."""


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    failure: str,
    advice: str,
    folder: Path | None = None,
    env: Mapping[str, str] | None = None,
    each_line: Callable[[str], None] | None = None,
) -> None:
    """Waits for `command`. Raises Trouble with `failure`, the last lines of output and `advice` when it failed."""
    words = [str(word) for word in command]
    log.parent.mkdir(parents=True, exist_ok=True)
    tail: list[str] = []
    with (
        log.open("a", encoding="utf-8") as record,
        subprocess.Popen(
            words,
            cwd=folder,
            env=dict(os.environ, **env) if env else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        record.write("\n$ " + " ".join(words) + "\n")
        assert process.stdout is not None
        for line in process.stdout:
            record.write(line)
            tail = [*tail, line.rstrip()][-_TAIL:]
            if each_line:
                each_line(line)
        code = process.wait()
    if code != 0:
        why = " / ".join(line for line in tail if line) or f"exit code {code}"
        raise Trouble(failure, why=why, advice=advice, log=log)
