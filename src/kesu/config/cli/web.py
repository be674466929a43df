"""`kesu web`: this process becomes the web server."""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from kesu.config import home
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
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counting_folder(home.home()))
    os.execv(sys.executable, [*server, "kesu.config.asgi:application"])


def _counting_folder(folder: Path) -> Path:
    """Where the processes of this server add up their counts of requests, which begin at nought."""
    if not (folder / "run").is_dir():  # installed beside a database of the company's own: there is no data folder
        return Path(tempfile.mkdtemp(prefix="kesu-metrics-"))
    # The library maps its files into memory: on a full disk a count would end the process with SIGBUS.
    near = Path("/dev/shm") / f"kesu-metrics-{sha256(bytes(folder.resolve())).hexdigest()[:16]}"  # noqa: S108  made by us
    return _fresh(near) or _fresh(folder / "run" / "metrics") or Path(tempfile.mkdtemp(prefix="kesu-metrics-"))


def _fresh(folder: Path) -> Path | None:
    """An empty folder that only we may enter; None where somebody else's stands or none can be made."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except OSError:
        return None
    return folder


def _allow_connections() -> None:
    """A connection is an open file, and the usual limit of a process is small."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
