"""Where the processes of one web server add up their counts of requests, which begin at nought."""

from __future__ import annotations

import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # noqa: S108  only a folder of our own in it, never one that is there already


def prepare(home: Path) -> Path:
    """An empty folder for the server that starts. In memory where the system has such a place: the library maps its
    files, and on a full disk a count would end the process with SIGBUS."""
    if not (home / "run").is_dir():  # installed beside a database of the company's own: there is no data folder
        return Path(tempfile.mkdtemp(prefix="kesu-metrics-"))
    return (
        _fresh(_in_memory(home)) or _fresh(home / "run" / "metrics") or Path(tempfile.mkdtemp(prefix="kesu-metrics-"))
    )


def forget(home: Path) -> None:
    """Gives the memory back when the program has ended."""
    shutil.rmtree(_in_memory(home), ignore_errors=True)


def _in_memory(home: Path) -> Path:
    return _MEMORY / f"kesu-metrics-{sha256(bytes(home.resolve())).hexdigest()[:16]}"


def _fresh(folder: Path) -> Path | None:
    """An empty folder that only we may enter; None where somebody else's stands or none can be made."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except OSError:
        return None
    return folder
