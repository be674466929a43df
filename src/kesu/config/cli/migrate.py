"""`kesu migrate`: brings the tables up to date, as their owner, and leaves a stamp that says so."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kesu.config.installation import add_data_option, attach

if TYPE_CHECKING:
    from kesu.casefile.library import Library


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

    from kesu.casefile.library import read_library
    from kesu.commands.policies.refresh_texts import refresh_texts
    from kesu.config import migration_stamp

    call_command("migrate", interactive=False, verbosity=1)
    refresh_texts(_texts(read_library()))
    name = sql.Identifier(str(connection.settings_dict["NAME"]))
    stamp = sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(migration_stamp.wanted()))
    with connection.cursor() as cursor:
        cursor.execute(stamp.as_string())


def _texts(library: Library) -> dict[str, Mapping[str, Mapping[str, str]]]:
    """A pack that cannot be read keeps no upgrade from being done: `kesu policy check` names its mistakes."""
    from kesu.policy.errors import PackInvalid

    found: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for code in library.codes:
        try:
            found[code] = library.load(code).texts
        except PackInvalid:
            continue
    return found
