"""`kesu web`: this process becomes the web server."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("web", help="只运行网页服务")
    parser.add_argument("--address", default=os.environ.get("KESU_BIND", "127.0.0.1"))
    parser.add_argument("--port", default="8000")
    parser.add_argument("--workers", default=os.environ.get("KESU_WEB_WORKERS", "2"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config import home
    from kesu.config.metrics import prepare_folder

    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1"]
    server += ["--host", arguments.address, "--port", arguments.port, "--workers", arguments.workers]
    server += ["--blocking-threads", "4", "--backpressure", "128", "--log-level", "warning"]
    # A worker that was killed is back within the second; one that hangs at the end is not waited for for ever.
    server += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
    prepare_folder(home.home())
    os.execv(sys.executable, [*server, "kesu.config.wsgi:application"])
