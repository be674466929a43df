"""`kesu work`: the worker, until it is asked to end."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import threading
from typing import Any

from kesu.config import home
from kesu.config.installation import refuse_half_restored


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("work", help="只运行后台任务")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> None:
    refuse_half_restored(home.home())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    import django

    django.setup()
    from pathlib import Path

    from django.conf import settings

    from kesu.core import keyring
    from kesu.jobs import worker

    # A key file that is older than signed heads. Where it may not be written, the night says so, and
    # `kesu keys new-signing-key` helps.
    with contextlib.suppress(OSError):
        keyring.add_signing_key(Path(settings.KESU_KEY_FILE), only_if_missing=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.run(stop)
