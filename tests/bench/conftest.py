"""The command as somebody types it, away from the database of the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Measured = dict[str, dict[str, Any]]


@pytest.fixture
def bench(tmp_path: Path) -> Callable[..., tuple[str, Measured]]:
    """Runs `kesu bench`; gives what it printed and the lines that were measured, by name."""

    def run(*words: str) -> tuple[str, Measured]:
        out = tmp_path / "bench.json"
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("KESU_", "DATABASE_URL"))
        }
        done = subprocess.run(
            [sys.executable, "-m", "kesu.config.cli", "bench", *words, "--json", str(out)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert out.exists(), done.stdout + done.stderr
        found = json.loads(out.read_text(encoding="utf-8"))
        return done.stdout, {line["name"]: line for line in found["lines"] if not line["note"]}

    return run
