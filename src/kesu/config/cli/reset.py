"""`kesu reset`: deletes the data of one data folder, and of no other."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from kesu.config import home
from kesu.config.installation import Installation, add_data_option
from kesu.config.trouble import Trouble

_PATIENCE = 60.0
_FOLDERS = ("postgres", "log", "run", "files", "static", "heads")
_FILES = (
    "cluster.json",
    "cluster.lock",
    "database.json",
    "keys.json",
    "installed.json",
    "demonstration.json",
    "backup.json",
    "restoring.json",
)
_STAMP = "static.stamp"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("reset", help="删除数据文件夹中的全部数据")
    parser.add_argument("--yes", action="store_true", help="不再询问")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config.supervise.supervisor import end_running

    folder: Path = (arguments.data or home.home()).absolute()
    if not (folder / "cluster.json").exists() and not (folder / "keys.json").exists():
        raise Trouble(f"{folder} 中没有 Kesu 的数据", advice="用 --data 指明数据文件夹")
    if not arguments.yes and not _agreed(folder):
        print("没有删除任何东西")
        return
    installation = Installation(folder)
    end_running(installation, _PATIENCE)
    elsewhere = installation.cluster.place.folder if installation.cluster is not None else None
    if elsewhere is not None and folder not in elsewhere.parents:
        shutil.rmtree(elsewhere)
        if not any(elsewhere.parent.iterdir()):
            elsewhere.parent.rmdir()
    # Only what we made: somebody may have pointed --data at a folder with things of his own.
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (*_FILES, _STAMP):
        (folder / name).unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()
    print(f"已删除 {folder} 中的数据")


def _agreed(folder: Path) -> bool:
    if not sys.stdin.isatty():
        raise Trouble("没有得到确认", why="这里没有人可以回答", advice="确定要删除时加上 --yes")
    print(f"将删除 {folder} 中的数据库、密钥与附件，无法恢复。")
    return input("输入 yes 继续：").strip().lower() == "yes"
