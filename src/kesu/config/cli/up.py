"""`kesu up`: the whole program in the foreground."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from kesu.config.installation import Installation, add_data_option


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("up", help="启动（首次会建立数据库与演示数据），Ctrl-C 结束")
    parser.add_argument("--port", type=_port, default=8000, help="网页端口（默认 8000）")
    parser.add_argument("--empty", action="store_true", help="首次启动时不写入演示数据")
    parser.add_argument(
        "--backup", type=Path, default=None, metavar="DIR", help="每夜备份到这里并检验（也可用 KESU_BACKUP_DIR）"
    )
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config import env
    from kesu.config.supervise.supervisor import Supervisor

    address = os.environ.get("KESU_BIND", "127.0.0.1")
    named = arguments.backup or (Path(env.text("KESU_BACKUP_DIR")) if env.text("KESU_BACKUP_DIR") else None)
    backups = (named.absolute(), env.number("KESU_BACKUP_KEEP", 14)) if named else None
    installation = Installation(arguments.data)
    Supervisor(installation, address=address, port=arguments.port, empty=arguments.empty, backups=backups).run()


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} 不是 1 到 65535 的端口号")
