"""One number over every migration that this version of the program brings."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_LIBRARIES = ("django", "django-axes", "django-pgtrigger")
"""Distributions that bring tables of their own."""


def wanted() -> str:
    """Changes whenever a migration file of ours or the version of a library with tables changes."""
    from importlib.metadata import version

    total = hashlib.sha256()
    for file in sorted((_PACKAGE / "store" / "migrations").glob("*.py")):
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    for name in _LIBRARIES:
        total.update(f"{name}={version(name)}\n".encode())
    return "kesu-migrations " + total.hexdigest()[:24]
