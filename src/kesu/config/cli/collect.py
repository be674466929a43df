"""`kesu collect`: hashed and compressed copies of the static files, as production serves them."""

from __future__ import annotations

import argparse
import os
from typing import Any

from kesu.config.installation import add_data_option


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("collect", help="整理静态文件（up 会自动执行）")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    if arguments.data is not None:
        os.environ["KESU_DATA"] = str(arguments.data.absolute())
    os.environ["KESU_STATIC_COLLECTED"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    # htmx is part of our own bundles; the copies that a library carries would only cost the first start time.
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=["django_htmx"])
