"""What must be right before anything is served. Each part is skipped when a stamp says that it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from kesu.config import migration_stamp, static_files, welcome
from kesu.config.backup import manifest, snapshot
from kesu.config.installation import Installation, refuse_half_restored
from kesu.config.progress import Progress
from kesu.config.supervise import log_files
from kesu.config.trouble import Trouble, reason_in

INSTALLED = "installed.json"
_LOG_LIMIT = 1_000_000


def prepare(installation: Installation, progress: Progress, *, empty: bool, backups: Path | None = None) -> None:
    """Database, keys, migrations, static files, and on the first run the demonstration unless `empty`. Before tables
    that hold data are changed, a backup goes to `backups`, if there is such a folder."""
    refuse_half_restored(installation.home)
    with progress.step("启动数据库", quiet=True):
        installation.start_database()
    if installation.cluster is not None and installation.cluster.place.is_elsewhere:
        progress.say(f"  数据库文件在 {installation.cluster.place.folder}（数据库账号进不了数据文件夹）")
    installation.ensure_keys()
    bring_up_to_date(installation, progress, backups)
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


def bring_up_to_date(installation: Installation, progress: Progress, backups: Path | None) -> Path | None:
    """Makes the tables those of this program, after a backup of what they hold; nothing to do when they are. Returns
    the folder of the backup. Raises Trouble that says how to go back."""
    if installation.applied_migrations() == migration_stamp.wanted():
        return None
    with snapshot.connected(installation.owner_url()) as connection:
        has_data = bool(snapshot.tables(connection))
    made: Path | None = None
    if has_data and backups is not None:
        with progress.step("升级前备份"):
            call(installation, "backup", str(backups), failure="升级前的备份没有做成，没有升级")
            made = manifest.chosen(backups).folder
    with progress.step("更新数据表" if has_data else "建立数据表"):
        try:
            call(installation, "migrate", failure="数据表没有更新" if has_data else "数据表没有建成")
        except Trouble as trouble:
            if made is not None:
                trouble.advice = way_back(installation, made)
            raise
    return made


def way_back(installation: Installation, made: Path) -> str:
    """How an operator returns to the state before an upgrade."""
    if installation.cluster is None:
        return (
            f"要退回：装回旧版本，建一个空的数据库，让 DATABASE_URL 与 KESU_OWNER_URL 指向它，执行 kesu restore {made}"
        )
    return f"要退回：装回旧版本，执行 kesu restore {made} --keys {installation.key_file} --data 新的文件夹"


def call(installation: Installation, *words: str, failure: str) -> None:
    """Runs one of our own commands in a process of its own: it loads the framework, the supervisor need not."""
    log = installation.home / "log" / "prepare.log"
    log_files.bound(log, _LOG_LIMIT)
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
        said = log.read_text(encoding="utf-8", errors="replace")
        raise Trouble(failure, why=reason_in(said), advice="查看完整记录后重试", log=log)


def _owner_address() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("KESU_OWNER_URL")}


def _has_demonstration() -> bool:
    return (Path(welcome.__file__).parent / "demonstration").exists() or (
        Path(welcome.__file__).with_name("demonstration.py").exists()
    )
