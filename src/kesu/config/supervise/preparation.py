"""What must be right before anything is served. Each part is skipped when a stamp says that it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from kesu.config import migration_stamp, static_files, welcome
from kesu.config.installation import Installation
from kesu.config.progress import Progress
from kesu.config.trouble import Trouble

INSTALLED = "installed.json"


def prepare(installation: Installation, progress: Progress, *, empty: bool) -> None:
    """Database, keys, migrations, static files, and on the first run the demonstration unless `empty`."""
    with progress.step("启动数据库", quiet=True):
        installation.start_database()
    if installation.cluster is not None and installation.cluster.place.is_elsewhere:
        progress.say(f"  数据库文件在 {installation.cluster.place.folder}（数据库账号进不了数据文件夹）")
    installation.ensure_keys()
    if installation.applied_migrations() != migration_stamp.wanted():
        with progress.step("建立数据表"):
            call(installation, "migrate", failure="数据表没有建成")
    with progress.step("整理静态文件", quiet=True):
        static_files.ensure(
            installation.home / "static", lambda: call(installation, "collect", failure="静态文件没有整理好")
        )
    installed = installation.home / INSTALLED
    if installed.exists():
        return
    if not empty and _has_demonstration():
        with progress.step("写入演示数据"):
            call(installation, "demonstrate", failure="演示数据没有写成")
    installed.write_text(json.dumps({"demonstration": not empty}), encoding="utf-8")


def call(installation: Installation, *words: str, failure: str) -> None:
    """Runs one of our own commands in a process of its own: it loads the framework, the supervisor need not."""
    log = installation.home / "log" / "prepare.log"
    with log.open("a", encoding="utf-8") as record:
        command = [sys.executable, "-m", "kesu.config.cli", *words]
        # The owner's address stays: `migrate` needs it, and this process ends with it.
        done = subprocess.run(
            command,
            env=installation.environment(**_owner_address()),
            stdin=subprocess.DEVNULL,
            stdout=record,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        raise Trouble(failure, why=lines[-1] if lines else "", advice="查看完整记录后重试", log=log)


def _owner_address() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("KESU_OWNER_URL")}


def _has_demonstration() -> bool:
    return (Path(welcome.__file__).parent / "demonstration").exists() or (
        Path(welcome.__file__).with_name("demonstration.py").exists()
    )
