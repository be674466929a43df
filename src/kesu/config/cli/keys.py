"""`kesu keys create FILE`: a new key ring for a new installation on a company's database. `kesu up` makes its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kesu.config.trouble import Trouble


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("keys", help="建立密钥文件")
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    create = actions.add_parser("create", help="为全新的安装建立密钥文件（up 会自动建立）")
    create.add_argument("file", type=Path, metavar="FILE", help="写到这里；已有的文件不会被改动")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.core import keyring

    file: Path = arguments.file.absolute()
    try:
        keyring.create(file)
    except FileExistsError as there:
        raise Trouble(
            f"{file} 已经有了，没有改动", why="换掉它，已存的投诉内容再也解不开", advice="另选一个文件名"
        ) from there
    except OSError as fault:
        raise Trouble(f"{file} 写不进去", why=str(fault.strerror), advice="检查文件夹与权限") from fault
    print(f"已建立 {file}，只有当前用户可读。把它与数据库分开备份：丢了它，投诉内容再也解不开。")
