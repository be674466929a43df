"""`kesu migrate`: brings the tables up to date, as their owner, and leaves a stamp that says so."""

from __future__ import annotations

import argparse
import os
from typing import Any

from kesu.config.installation import add_data_option, attach


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("migrate", help="建立或更新数据表（以表的所有者身份）")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    os.environ["KESU_AS_OWNER"] = "1"
    attach(arguments, needs_keys=False)
    from django.core.management import call_command
    from django.db import connection
    from psycopg import sql

    from kesu.config import migration_stamp

    call_command("migrate", interactive=False, verbosity=1)
    name = sql.Identifier(str(connection.settings_dict["NAME"]))
    stamp = sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(migration_stamp.wanted()))
    with connection.cursor() as cursor:
        cursor.execute(stamp.as_string())
