"""What `./kesu` does before the program itself takes over: an environment, then `python -m kesu.config.cli`."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kesu.config.progress import Progress
from kesu.config.trouble import Trouble
from launch import assets, checks, wheel
from launch.environment import Environment

_WITHOUT_ASSETS = {"down", "reset", "migrate", "backup", "restore", "keys"}


def run(here: str, words: Sequence[str]) -> int:
    """Returns the exit code of what it did itself; for everything else this process becomes the program."""
    root = Path(here)
    progress, aside = Progress(), Progress(sys.stderr)  # what a command prints goes into files as it is
    try:
        if words[:1] == ["test"]:
            return checks.run(root, list(words[1:]), progress)
        if words[:1] == ["wheel"]:
            with _alone(root):
                return wheel.run(root, words[1:], progress)
        environment = Environment(root, aside)
        with _alone(root):
            environment.ensure("dev" if words[:1] == ["shots"] else "run")
            if words[:1] and words[0] not in _WITHOUT_ASSETS:
                assets.ensure(environment, aside)
    except Trouble as trouble:
        sys.stderr.write("\n".join(trouble.lines()) + "\n")
        return 1
    except KeyboardInterrupt:
        return 130
    os.environ.setdefault("KESU_DATA", str(root / ".kesu"))
    program = str(environment.python)
    return os.execv(program, [program, "-m", "kesu.config.cli", *words])


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two shells may start at once in one checkout; the second waits, then finds everything done."""
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
