"""`kesu up`: the whole program in the foreground."""

from __future__ import annotations

import argparse
import os
from typing import Any

from kesu.config.installation import Installation, add_data_option


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("up", help="启动（首次会建立数据库与演示数据），Ctrl-C 结束")
    parser.add_argument("--port", type=_port, default=8000, help="网页端口（默认 8000）")
    parser.add_argument("--empty", action="store_true", help="首次启动时不写入演示数据")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config.supervise.supervisor import Supervisor

    address = os.environ.get("KESU_BIND", "127.0.0.1")
    installation = Installation(arguments.data)
    Supervisor(installation, address=address, port=arguments.port, empty=arguments.empty).run()


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} 不是 1 到 65535 的端口号")
