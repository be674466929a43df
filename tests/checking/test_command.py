"""`kesu check` as it is typed: what it prints, how it ends, and that it changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.database import Databases
from tests.full import only_in_full


def _check(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kesu.config.cli", "check", *words]
    return subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)


@only_in_full
def test_it_ends_with_one_where_something_fails(databases: Databases, fresh_database: str, tmp_path: Path) -> None:
    done = _check(
        DATABASE_URL=databases.owner_url(fresh_database), KESU_STATIC_ROOT=str(tmp_path), KESU_DATA=str(tmp_path)
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "✗ 账号 kesu_owner 是" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("2 项要改")
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_nought_where_all_is_well(fresh_database: str, tmp_path: Path) -> None:
    variables = {"DATABASE_URL": fresh_database, "KESU_STATIC_ROOT": str(tmp_path), "KESU_STATIC_COLLECTED": "1"}
    collect = [sys.executable, "-m", "kesu.config.cli", "collect"]
    subprocess.run(collect, env={**os.environ, **variables}, check=True)
    done = _check("--json", **variables)
    told = json.loads(done.stdout)
    # In December the holidays of the coming year may not be known yet: that is what a real installation is told, too.
    wrong = [one["sentence"] for one in told["findings"] if one["grade"] == "failure" and one["check"] != "calendar"]
    assert wrong == []
    assert done.returncode == (0 if told["ok"] else 1)
    assert {"mail", "clock", "keys.fit", "database.role"} <= {one["check"] for one in told["findings"]}


def test_it_puts_settings_that_cannot_be_meant_in_one_sentence() -> None:
    done = _check(KESU_BASE_URL="complaints.example.org")
    assert done.returncode == 1
    assert "✗ 设置有误" in done.stdout
    assert "Traceback" not in done.stderr


def test_it_puts_a_broken_key_file_in_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "keys.json"
    broken.write_text("{", encoding="utf-8")
    done = _check(KESU_KEY_FILE=str(broken))
    assert done.returncode == 1
    assert "✗ 密钥文件读不懂或读不到" in done.stdout
    assert "Traceback" not in done.stderr


def test_it_makes_one_key_file_and_never_a_second(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    command = [sys.executable, "-m", "kesu.config.cli", "keys", "create", str(file)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_bytes()
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "已经有了" in again.stderr
    assert file.read_bytes() == kept


def test_no_command_makes_keys_beside_a_database_of_the_company(fresh_database: str, tmp_path: Path) -> None:
    organisation = tmp_path / "organisation.yaml"
    organisation.write_text("units: []\npeople: []\nposts: []\n", encoding="utf-8")
    command = [sys.executable, "-m", "kesu.config.cli", "organisation", str(organisation)]
    missing = tmp_path / "data" / "keys.json"
    variables = {"DATABASE_URL": fresh_database, "KESU_KEY_FILE": str(missing), "KESU_DATA": str(tmp_path / "data")}
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"没有密钥文件 {missing}" in done.stderr
    assert not missing.parent.exists()
