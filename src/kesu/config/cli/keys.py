"""`kesu keys`: the public keys with which others check the signed nights, and a new signing key."""

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
    parser = subparsers.add_parser("keys", help="显示签名用的公钥，或换一把新的签名密钥")
    parser.add_argument("--new-signing-key", action="store_true", help="添一把新的签名密钥，今后的夜由它签名")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Prints the public keys as the file that `kesu_verify.py --key` reads."""
    from kesu.core import keyring

    folder: Path = (arguments.data or home.home()).absolute()
    path = Path(os.environ.get("KESU_KEY_FILE") or folder / KEYS)
    try:
        if arguments.new_signing_key:
            keyring.add_signing_key(path)
        public = keyring.load(path).public_keys()
    except OSError as fault:
        raise Trouble(
            f"密钥文件 {path} 读不到或写不进", why=fault.strerror or "", advice="用 --data 或 KESU_KEY_FILE 指明它"
        ) from fault
    if not public:
        raise Trouble("密钥文件里还没有签名密钥", why="它早于每夜签名", advice="运行 kesu keys --new-signing-key")
    print(json.dumps(public, indent=1))
