"""`kesu keys export FILE`: a copy of the key ring, to be kept apart from the backups."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from kesu.config import home
from kesu.config.installation import KEYS, add_data_option
from kesu.config.trouble import Trouble


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("keys", help="另存密钥（备份里没有密钥）")
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    export = actions.add_parser("export", help="把密钥写到一个新文件，只有自己能读")
    export.add_argument("file", type=Path, metavar="FILE")
    add_data_option(export)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config.backup import manifest

    folder = (arguments.data or home.home()).absolute()
    source = Path(os.environ.get("KESU_KEY_FILE") or folder / KEYS)
    target: Path = arguments.file.absolute()
    try:
        content = source.read_bytes()
    except OSError as fault:
        raise Trouble(
            f"密钥文件 {source} 读不到", why=str(fault.strerror), advice="用 --data 指明数据文件夹"
        ) from fault
    for parent in target.parents:
        if (parent / manifest.FILE).exists() or (parent.is_dir() and manifest.whole(parent)):
            raise Trouble(
                "密钥不能和备份放在一起，没有写",
                why=f"{parent} 里有备份；拿到它的人就能打开全部内容",
                advice="换一个位置，最好是另一台机器或保险柜里的介质",
            )
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as fault:
        raise Trouble(f"{target} 已经存在，没有覆盖", advice="换一个文件名") from fault
    except OSError as fault:
        raise Trouble(f"{target} 写不了", why=str(fault.strerror), advice="检查路径与权限") from fault
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    print(f"密钥已写入 {target}")
    print("  和备份分开保管：只有备份，谁也打不开；备份和密钥在一起，谁拿到都能打开全部内容；丢了密钥，备份也打不开")
