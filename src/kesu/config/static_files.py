"""The hashed and compressed copies of the static files, made again only when a source changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

_SOURCES = Path(__file__).resolve().parents[1] / "web" / "static"


def ensure(target: Path, collect: Callable[[], None]) -> None:
    """Calls `collect`, which must fill `target`, unless `target` was filled from exactly these sources."""
    stamp = target.with_name(target.name + ".stamp")
    wanted = _digest()
    if target.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    stamp.unlink(missing_ok=True)
    collect()
    stamp.write_text(wanted, encoding="utf-8")


def _digest() -> str:
    total = hashlib.sha256()
    for file in sorted(path for path in _SOURCES.rglob("*") if path.is_file()):
        about = file.stat()
        total.update(f"{file.relative_to(_SOURCES)}|{about.st_size}|{about.st_mtime_ns}\n".encode())
    return total.hexdigest()
