"""Log files that cannot fill the disk: what is too long becomes the one old file, and a new one begins."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def bound(path: Path, limit: int) -> None:
    """Call now and then. Over `limit` bytes the file's content moves to `<name>.1`. Whoever writes to it has opened it
    for appending and goes on at its new beginning; what he writes in this very instant may be lost. Where the disk is
    too full for a copy, the lines are given up: a log is worth less than what the program stores."""
    try:
        if path.stat().st_size <= limit:
            return
    except OSError:
        return
    old = path.with_name(f"{path.name}.1")
    try:
        shutil.copyfile(path, old)
        shutil.copymode(path, old)
    except OSError:
        old.unlink(missing_ok=True)
    os.truncate(path, 0)
