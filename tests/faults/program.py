"""`kesu up` in a folder of its own, with the demonstration's organisation and no case; and what can be killed of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from kesu.config import home
from kesu.config.supervise import processes
from kesu.core import clock
from kesu.policy.calendar.official import build as build_calendar
from tests import world
from tests.database import key_file, point_django_to
from tests.live import free_port

PATIENCE = 240.0
"""Seconds. Only a program that never comes back fails; how long it takes on a busy machine is not what is tested."""
PASSWORD = "for-the-tests-only"
_PROGRAM = [sys.executable, "-m", "kesu.config.cli"]
_ALWAYS = {"periods": ["00:00-23:59"], "workdays": [1, 2, 3, 4, 5, 6, 7]}


@dataclass
class Program:
    data: Path
    log: Path
    mail: str = ""
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        found = home.embedded_url(self.data, "app")
        assert found
        return found

    def up(self) -> None:
        words = [*_PROGRAM, "up", "--port", str(self.port), "--data", str(self.data), "--empty"]
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("KESU_", "DATABASE_URL"))}
        ours = {"KESU_KEY_FILE": str(key_file()), "KESU_PUBLIC_LIMIT": "100000/minute"}
        if self.mail:
            ours["KESU_SMTP_URL"] = self.mail
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, env={**kept, **ours, **self.more}, stdout=log, stderr=log)
        self.wait(lambda: self.is_well() and "后台任务" in self.children())

    def end(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def said(self) -> str:
        names = [self.log, *(self.data / "log").glob("*.log")]
        return "\n".join(
            f"--- {one.name}\n{one.read_text(encoding='utf-8', errors='replace')[-2500:]}" for one in names
        )

    def wait(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < until, "it did not come back:\n" + self.said()
            time.sleep(0.1)

    def is_well(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def children(self) -> dict[str, int]:
        try:
            rows = json.loads((self.data / "run" / "children.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return {row["name"]: row["pid"] for row in rows}

    def postmaster(self) -> int | None:
        folder = json.loads((self.data / "cluster.json").read_text(encoding="utf-8"))["folder"]
        try:
            return int((Path(folder) / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def kill(self, part: str, choose: Callable[[list[int]], int]) -> bool:
        """kill -9 of one process of this part; False when there is none at this moment."""
        found = [pid for pid in self._of(part) if self._is_ours(pid)]
        if not found:
            return False
        try:
            os.kill(choose(found), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def _is_ours(self, pid: int) -> bool:
        """Whether it, or a process above it, was started for this data folder: a number may be somebody else's now."""
        folder = json.loads((self.data / "cluster.json").read_text(encoding="utf-8"))["folder"]
        while pid > 1:
            if _is(pid, str(self.data)) or _is(pid, folder):
                return True
            pid = _parent(pid)
        return False

    def _of(self, part: str) -> list[int]:
        server, worker, database = self.children().get("网页服务"), self.children().get("后台任务"), self.postmaster()
        if part == "web server":
            return _living([server])
        if part == "worker":
            return _living([worker])
        if part == "database":
            return _living([database])
        if part == "web process":
            return [pid for pid in _descendants(server) if _is(pid, "granian")]
        return [pid for pid in _descendants(database) if _is(pid, "kesu_app")]


PARTS = ("web process", "web server", "worker", "database session", "database")


def _living(pids: list[int | None]) -> list[int]:
    return [pid for pid in pids if pid is not None and processes.started(pid)]


def _descendants(pid: int | None) -> list[int]:
    if pid is None:
        return []
    try:
        told = (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text(encoding="utf-8")
    except OSError:
        return []
    children = [int(word) for word in told.split()]
    return [*children, *(one for child in children for one in _descendants(child))]


def _parent(pid: int) -> int:
    """0 where there is none any more."""
    try:
        told = (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8")
    except OSError:
        return 0
    return int(told.rpartition(")")[2].split()[1])


def _is(pid: int, word: str) -> bool:
    try:
        return word.encode() in (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False


@contextmanager
def installed(mail: str = "", folder: Path | None = None, **more: str) -> Iterator[Program]:
    """The program, running; its folders are gone afterwards."""
    above = folder or Path(tempfile.mkdtemp(prefix="kesu-faults-"))
    above.chmod(0o755)
    (above / "data").mkdir(mode=0o755)
    notes = Path(tempfile.mkdtemp(prefix="kesu-said-"))  # on another disk: what the supervisor says is looked at
    program = Program(above / "data", notes / "supervisor.log", mail, more)
    try:
        program.up()
        yield program
    finally:
        program.end()
        command = [*_PROGRAM, "reset", "--yes", "--data", str(program.data)]
        subprocess.run(command, env=_plain(), check=False, capture_output=True)
        shutil.rmtree(notes, ignore_errors=True)
        if folder is None:
            shutil.rmtree(above, ignore_errors=True)


def _plain() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("KESU_")}


def organise(program: Program) -> world.World:
    """Points Django here at the program's database and brings in the organisation, whose people can sign in. They work
    day and night: duties fall due whenever the test runs."""
    point_django_to(program.database_url)
    years = range(clock.now().year - 1, clock.now().year + 2)
    hours = build_calendar("日夜", years, **_ALWAYS)
    return world.build(clock.now() - timedelta(days=30), password=PASSWORD, hours=hours)
