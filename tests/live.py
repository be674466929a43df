"""The real program, as its users meet it: web server and worker as processes, on a database of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kesu.config import static_files
from kesu.config.supervise import processes
from kesu.config.supervise.children import Child, end_orphans, write_list
from kesu.policy.calendar.official import build as build_calendar
from tests import world
from tests.database import HOME, Databases, key_file
from tests.world import World

PASSWORD = "a-password-for-journeys"
"""Of everybody in the organisation of `live_world`."""

_PATIENCE = 60.0
_LISTS = HOME / "live"
"""One list of processes for each session that runs the program, named by the session's process."""


@dataclass(frozen=True)
class LiveKesu:
    """`url` is where it answers; `database_url` the application's address of its database; `log` what it said; `clock`
    the file that moves its clock, where one does."""

    url: str
    database_url: str
    files: Path
    log: Path
    clock: Path | None = None
    children: list[Child] = field(default_factory=list)

    def restart(self) -> None:
        """As whoever has put something else in its folder does."""
        for child in self.children:
            child.stop()
        _wait_until_ready(self, self.children)


@contextmanager
def running(
    databases: Databases, folder: Path, *, clock: Path | None = None, checkout: Path | None = None
) -> Iterator[LiveKesu]:
    """Web and worker on a fresh clone, ready when this yields, ended and dropped afterwards. `checkout`: a copy of the
    program with a library of its own; else what is tested itself."""
    _end_orphans_of_killed_sessions()
    database_url = databases.clone()
    port = free_port()
    live = LiveKesu(f"http://127.0.0.1:{port}", database_url, folder / "files", folder / "live.log", clock)
    live.files.mkdir()
    (folder / "heads").mkdir()
    variables = {
        **os.environ,
        "DATABASE_URL": database_url,
        "KESU_KEY_FILE": str(key_file()),
        "KESU_FILES": str(live.files),
        "KESU_HEADS_DIR": str(folder / "heads"),
        "KESU_BASE_URL": live.url,
        "KESU_STATIC_ROOT": str(HOME / "static"),
        "KESU_STATIC_COLLECTED": "1",
        **({"KESU_CLOCK_FILE": str(clock)} if clock else {}),
        **({"PYTHONPATH": str(checkout / "src")} if checkout else {}),
    }
    program = [sys.executable, "-m", "kesu.config.cli"]
    static_files.ensure(HOME / "static", lambda: _collect(program, variables))
    live.children[:] = [
        Child("web", [*program, "web", "--port", str(port), "--workers", "1"], variables, live.log),
        Child("worker", [*program, "work"], variables, live.log),
    ]
    known = _LISTS / f"{os.getpid()}.json"
    try:
        _wait_until_ready(live, live.children)
        _LISTS.mkdir(exist_ok=True)
        write_list(known, live.children)
        yield live
    finally:
        for child in live.children:
            child.stop()
        known.unlink(missing_ok=True)
        databases.drop(database_url)


def build_world() -> World:
    """The organisation in the database that Django points to. Its company never closes: no story depends on the hour
    at which it is told."""
    hours = build_calendar("全天候", (), periods=("00:00-24:00",), workdays=range(1, 8))
    return world.build(datetime.now(UTC) - timedelta(days=40), password=PASSWORD, hours=hours)


def _end_orphans_of_killed_sessions() -> None:
    """A session that was killed could not end what it had started."""
    for known in _LISTS.glob("*.json"):
        if processes.started(int(known.stem)) is None:
            end_orphans(known)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _collect(program: list[str], variables: dict[str, str]) -> None:
    subprocess.run([*program, "collect"], env=variables, check=True)


def _wait_until_ready(live: LiveKesu, children: list[Child]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and not any(child.restarts for child in children):
        for child in children:
            child.keep()
        try:
            with urllib.request.urlopen(f"{live.url}/healthz", timeout=3):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the program did not become ready:\n" + live.log.read_text(encoding="utf-8")[-4000:])
