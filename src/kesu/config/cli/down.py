"""`kesu down`: ends what `kesu up` runs, from another shell."""

from __future__ import annotations

import argparse
from typing import Any

from kesu.config import home
from kesu.config.installation import Installation, add_data_option

_PATIENCE = 60.0


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("down", help="结束正在运行的 Kesu")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config.supervise.supervisor import end_running

    folder = arguments.data or home.home()
    ended = folder.exists() and end_running(Installation(arguments.data), _PATIENCE)
    print("已结束" if ended else "没有在运行")
