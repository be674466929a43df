"""The data folder of this installation, and what of it the settings need. Standard library only."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[3]
"""The checkout, if this runs from one."""

COMPILED = "compiled-packs"
"""In the data folder: what the policy library composes to and what was proved of it; may be deleted at any time."""


def home() -> Path:
    """`KESU_DATA`, else `.kesu` in the checkout, else `.kesu` in the working folder. Absolute."""
    named = os.environ.get("KESU_DATA")
    if named:
        return Path(named).absolute()
    base = ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()
    return base / ".kesu"


def embedded_url(folder: Path, role: str) -> str:
    """The address of the embedded database for `role` (`owner`, `app`), or "" when this folder has none yet."""
    try:
        cluster = json.loads((folder / "cluster.json").read_text(encoding="utf-8"))
        secret = json.loads((folder / "database.json").read_text(encoding="utf-8"))[role]
    except (OSError, ValueError, KeyError):
        return ""
    return f"postgresql://kesu_{role}:{secret}@/kesu?host={quote(cluster['sockets'], safe='')}&port=5432"
