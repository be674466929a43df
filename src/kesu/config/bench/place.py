"""Where a benchmark runs: an installation of its own, and the real program on it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from kesu.config.bench.figures import Report
from kesu.config.bench.machine import Server, load, processors
from kesu.config.installation import Installation
from kesu.config.postgres import databases
from kesu.config.postgres.cluster import Cluster
from kesu.config.progress import Progress
from kesu.config.supervise.preparation import prepare
from kesu.config.trouble import Trouble
from kesu.core import clock

_NOTE: Final = "bench.json"
_PATIENCE: Final = 120.0
_LOOK: Final = 2.0
_COMES_BACK: Final = 30.0
_AT_REST: Final = 0.03
"""Of one processor; a worker that sleeps uses less."""


@dataclass(slots=True)
class Place:
    """`at`: the moment that its company stands at (aware, UTC). `loaded`: how many of what was counted are in it
    already, None in a new one."""

    installation: Installation
    cluster: Cluster
    at: datetime
    loaded: int | None

    def keep(self, loaded: int) -> None:
        """Notes that everything is in it, so that it is measured as it is the next time."""
        told = {"at": self.at.isoformat(), "cases": loaded}
        (self.installation.home / _NOTE).write_text(json.dumps(told), encoding="utf-8")
        self.loaded = loaded

    def tidy(self) -> None:
        """As the database leaves itself after some quiet nights."""
        address = self.cluster.url(databases.OWNER, databases.MAIN)
        with psycopg.connect(address, autocommit=True) as own:
            own.execute("VACUUM (ANALYZE)")
            own.execute("CHECKPOINT") if _may_checkpoint(own) else None

    def server(self) -> Server:
        """The processes that there are now. One that was killed just before is waited for."""
        postmaster = (self.cluster.place.data / "postmaster.pid").read_text(encoding="utf-8").split()[0]
        until = time.monotonic() + _COMES_BACK
        while True:
            try:
                return Server.find(self.installation.home, int(postmaster))
            except KeyError:
                if time.monotonic() > until:
                    raise
            time.sleep(0.2)

    @contextmanager
    def serving(self, report: Report, progress: Progress) -> Iterator[int]:
        """The port of the real program, once nothing works that nobody asked for."""
        port = _free_port()
        with _program(self.installation.home, port):
            with progress.step("等程序和数据库空闲"):
                report.machine["busy_share"] = come_to_rest(self.server())
            yield port
            report.machine["load_after"] = load()


@contextmanager
def place(folder: Path, progress: Progress) -> Iterator[Place]:
    """A running database, the framework ready. Raises `Trouble` in a folder that holds anything else."""
    installation = Installation(folder)
    if installation.cluster is None:
        raise Trouble("基准测试只用自己的内嵌数据库", why="设置了 DATABASE_URL", advice="去掉 DATABASE_URL 再运行")
    note = installation.home / _NOTE
    if (installation.home / "installed.json").exists() and not note.exists():
        raise Trouble(
            f"{installation.home} 不是基准测试的数据", why="里面已有一套 Kesu", advice="用 --data 另选一个文件夹"
        )
    known = json.loads(note.read_text(encoding="utf-8")) if note.exists() else None
    if known is None:
        prepare(installation, progress, empty=True)
    try:
        installation.cluster.start()
        _set_up()
        at = datetime.fromisoformat(known["at"]) if known else clock.now().replace(second=0, microsecond=0)
        yield Place(installation, installation.cluster, at, known["cases"] if known else None)
    finally:
        installation.cluster.stop()


def machine(loaded: int) -> dict[str, object]:
    """What it is measured on, and how much is in it."""
    names = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in names if line.startswith("model name")), "")
    return {"processors": processors(), "model": model, "cases": loaded, "load_before": load()}


def close_connections() -> None:
    """A database that somebody is connected to cannot be copied."""
    from django.db import connections

    pool: Any = connections["default"]
    pool.close()
    pool.close_pool()


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    import django

    django.setup()


def _may_checkpoint(connection: psycopg.Connection) -> bool:
    found = connection.execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'member')").fetchone()
    return bool(found and found[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def come_to_rest(server: Server, patience: float = _PATIENCE * 5) -> float:
    """Waits until nothing works that nobody asked for: after a load the database tidies up, and the worker catches up
    with its nightly tasks. Returns the share of a processor that was still used at the end."""
    until = time.monotonic() + patience
    while True:
        before, began = server.cpu(), time.monotonic()
        time.sleep(_LOOK)
        share = server.cpu().since(before).all / (time.monotonic() - began)
        if share < _AT_REST or time.monotonic() > until:
            return share


@contextmanager
def _program(home: Path, port: int) -> Iterator[None]:
    """The real program, as `kesu up` runs it."""
    command = [sys.executable, "-m", "kesu.config.cli", "up", "--port", str(port), "--data", str(home)]
    log = home / "log" / "bench.log"
    with log.open("wb") as record:
        program = subprocess.Popen(command, stdout=record, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            _wait(program, port, home, log)
            yield
        finally:
            program.terminate()
            program.wait(timeout=60)


def _wait(program: subprocess.Popen[bytes], port: int, home: Path, log: Path) -> None:
    """Until it serves and the worker runs too."""
    until = time.monotonic() + _PATIENCE
    listed = home / "run" / "children.json"
    while time.monotonic() < until and program.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=3):
                if len(json.loads(listed.read_text(encoding="utf-8"))) == 2:
                    time.sleep(1)
                    return
        except (OSError, ValueError):
            pass
        time.sleep(0.2)
    raise Trouble("程序没有起来", why="健康检查没有通过", advice="看记录", log=log)
