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
    parser = subparsers.add_parser("keys", help="建立密钥文件，显示公钥，换签名密钥")
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    create = actions.add_parser("create", help="为全新的安装建立密钥文件（up 会自动建立）")
    create.add_argument("file", type=Path, metavar="FILE", help="写到这里；已有的文件不会被改动")
    create.set_defaults(run=_create)
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
