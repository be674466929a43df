"""An installation that others reach, or that reaches others, does not start with a clock that can be moved."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import key_file


def _started(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "ahead").write_text("86400", encoding="ascii")
    told = "import django; django.setup(); from kesu.core import clock; print(clock.moved_by())"
    surroundings = {
        "DJANGO_SETTINGS_MODULE": "kesu.config.settings",
        "KESU_CLOCK_FILE": str(tmp_path / "ahead"),
        "KESU_KEY_FILE": str(key_file()),
        "KESU_DATA": str(tmp_path),
        **variables,
    }
    command = [sys.executable, "-c", told]
    return subprocess.run(command, env={**os.environ, **surroundings}, capture_output=True, text=True, check=False)


def test_it_moves_on_one_machine(tmp_path: Path) -> None:
    done = _started(tmp_path, KESU_SMTP_URL="smtp://127.0.0.1:2525")
    assert done.stdout.strip() == "1 day, 0:00:00", done.stderr


def test_nothing_moves_it_without_the_variable(tmp_path: Path) -> None:
    done = _started(tmp_path, KESU_CLOCK_FILE="", KESU_BASE_URL="https://complaints.example.org")
    assert done.stdout.strip() == "None", done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"KESU_BASE_URL": "https://complaints.example.org"},
        {"KESU_HOSTS": "127.0.0.1,complaints.example.org"},
        {"KESU_BEHIND_PROXY": "1"},
        {"KESU_SMTP_URL": "smtp://kesu:hidden@mail.example.org:587"},
    ],
)
def test_it_is_refused_where_others_would_be_told_a_false_time(tmp_path: Path, variables: dict[str, str]) -> None:
    done = _started(tmp_path, **variables)
    assert done.returncode == 1
    assert "KESU_CLOCK_FILE moves the clock" in done.stderr
    assert "hidden" not in done.stderr
