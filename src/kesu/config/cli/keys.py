"""`kesu keys`: the key ring of an installation is made, copied apart from the backups, shown as far as it is public."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from kesu.config import home
from kesu.config.installation import KEYS, add_data_option
from kesu.config.trouble import Trouble


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("keys", help="建立、另存密钥文件，显示公钥，换签名密钥")
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    create = actions.add_parser("create", help="为全新的安装建立密钥文件（up 会自动建立）")
    create.add_argument("file", type=Path, metavar="FILE", help="写到这里；已有的文件不会被改动")
    create.set_defaults(run=_create)
    export = actions.add_parser("export", help="把密钥另存到一个新文件（备份里没有密钥）")
    export.add_argument("file", type=Path, metavar="FILE")
    add_data_option(export)
    export.set_defaults(run=_export)
    public = actions.add_parser("public", help="显示核对每夜签名用的公钥")
    add_data_option(public)
    public.set_defaults(run=_public)
    anew = actions.add_parser("new-signing-key", help="添一把新的签名密钥，今后的夜由它签名")
    add_data_option(anew)
    anew.set_defaults(run=_sign_anew)


def _path(arguments: argparse.Namespace) -> Path:
    folder: Path = (arguments.data or home.home()).absolute()
    return Path(os.environ.get("KESU_KEY_FILE") or folder / KEYS)


def _create(arguments: argparse.Namespace) -> None:
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


def _export(arguments: argparse.Namespace) -> None:
    """A copy of the key ring, to be kept apart from the backups."""
    from kesu.config.backup import manifest

    source = _path(arguments)
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


def _public(arguments: argparse.Namespace) -> None:
    """Prints the public keys as the file that `kesu_verify.py --key` reads."""
    from kesu.core import keyring

    path = _path(arguments)
    try:
        public = keyring.load(path).public_keys()
    except OSError as fault:
        raise _unusable(path, fault) from fault
    if not public:
        raise Trouble("密钥文件里还没有签名密钥", why="它早于每夜签名", advice="运行 kesu keys new-signing-key")
    print(json.dumps(public, indent=1))


def _sign_anew(arguments: argparse.Namespace) -> None:
    from kesu.core import keyring

    path = _path(arguments)
    try:
        keyring.add_signing_key(path)
    except OSError as fault:
        raise _unusable(path, fault) from fault
    _public(arguments)


def _unusable(path: Path, fault: OSError) -> Trouble:
    return Trouble(
        f"密钥文件 {path} 读不到或写不进", why=fault.strerror or "", advice="用 --data 或 KESU_KEY_FILE 指明它"
    )
