"""`kesu web`: this process becomes the web server."""

from __future__ import annotations

import argparse
import os
import resource
import sys
from typing import Any, Final

from kesu.config import counting, home
from kesu.config.installation import refuse_half_restored

_CONNECTIONS: Final = 2048
"""Of one worker. The server counts whoever is connected, also those who say nothing: few would be soon used up."""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("web", help="只运行网页服务")
    parser.add_argument("--address", default=os.environ.get("KESU_BIND", "127.0.0.1"))
    parser.add_argument("--port", default="8000")
    parser.add_argument("--workers", default=os.environ.get("KESU_WEB_WORKERS", "2"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    refuse_half_restored(home.home())
    _allow_connections()
    server = [sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--http", "1"]
    server += ["--host", arguments.address, "--port", arguments.port, "--workers", arguments.workers]
    server += ["--backlog", str(_CONNECTIONS), "--backpressure", str(_CONNECTIONS), "--log-level", "warning"]
    # Whoever opens a connection and says nothing keeps no place: neither for long, nor much memory.
    server += ["--http1-header-read-timeout", "15000", "--http1-buffer-size", "65536"]
    # A worker that was killed is back within the second; one that hangs at the end is not waited for for ever.
    server += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counting.prepare(home.home()))
    os.execv(sys.executable, [*server, "kesu.config.asgi:application"])


def _allow_connections() -> None:
    """A connection is an open file, and the usual limit of a process is small."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
