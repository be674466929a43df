"""`kesu demonstrate`: fills an empty database with the demonstration group, all of it or nothing."""

from __future__ import annotations

import argparse
from typing import Any

from kesu.config.installation import add_data_option, attach


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("demonstrate", help="写入演示数据（首次 up 会自动执行）")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    installation = attach(arguments)
    installation.make_folders()
    from django.db import transaction

    from kesu.config import demonstration, welcome
    from kesu.core.clock import now

    with transaction.atomic():
        told = demonstration.build(now())
    welcome.keep(installation.home, told)
