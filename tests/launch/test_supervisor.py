"""`kesu up` as a process of its own: what it does when its parts, or it itself, are killed."""

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
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from kesu.config import home
from kesu.config.supervise import processes
from tests.full import only_in_full
from tests.live import free_port

_PROGRAM = [sys.executable, "-m", "kesu.config.cli"]
_PATIENCE = 60.0


@dataclass
class Running:
    """One data folder with an empty installation, and whoever serves it at the moment."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    def up(self) -> float:
        """Seconds until it could serve."""
        began = time.monotonic()
        words = [*_PROGRAM, "up", "--port", str(self.port), "--data", str(self.data), "--empty"]
        self.process = subprocess.Popen(words, env=_environment(), stdout=subprocess.DEVNULL)
        self.wait_until(lambda: self.health() == 200)
        return time.monotonic() - began

    def end(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(_PATIENCE)

    def say(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*_PROGRAM, *words, "--data", str(self.data)]
        return subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)

    def health(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code
        except OSError:
            return 0

    def children(self) -> dict[str, int]:
        """By name. Empty while there is no list: before the start and after the end."""
        try:
            rows = json.loads((self.data / "run" / "children.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {row["name"]: row["pid"] for row in rows}

    def server(self) -> int:
        folder = json.loads((self.data / "cluster.json").read_text(encoding="utf-8"))["folder"]
        return int((Path(folder) / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + _PATIENCE
        while not is_so():
            assert time.monotonic() < until, "it did not happen in time"
            time.sleep(0.05)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KESU_")}


@pytest.fixture(scope="module")
def installed() -> Iterator[Running]:
    data = Path(tempfile.mkdtemp(prefix="kesu 试 "))
    data.chmod(0o755)
    running = Running(data)
    running.up()
    assert running.end() == 0
    yield running
    running.say("reset", "--yes")
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def kesu(installed: Running) -> Iterator[Running]:
    installed.up()
    installed.wait_until(lambda: len(installed.children()) == 2)
    yield installed
    installed.say("down")
    if installed.process is not None:
        installed.process.kill()
        installed.process.wait()


def _keep_a_row(kesu: Running) -> None:
    with psycopg.connect(home.embedded_url(kesu.data, "app"), autocommit=True) as connection:
        connection.execute("INSERT INTO kesu_cache VALUES ('kept', 'yes', now()) ON CONFLICT DO NOTHING")


def _is_kept(kesu: Running) -> bool:
    with psycopg.connect(home.embedded_url(kesu.data, "app")) as connection:
        return connection.execute("SELECT 1 FROM kesu_cache WHERE cache_key = 'kept'").fetchone() is not None


def test_it_ends_everything_in_order(kesu: Running) -> None:
    pids = [*kesu.children().values(), kesu.server()]
    assert kesu.end() == 0
    assert [pid for pid in pids if processes.started(pid)] == []
    assert kesu.health() == 0


@only_in_full
def test_it_serves_again_after_its_database_was_killed(kesu: Running) -> None:
    _keep_a_row(kesu)
    killed = kesu.server()
    os.kill(killed, signal.SIGKILL)
    kesu.wait_until(lambda: processes.started(killed) is None)
    kesu.wait_until(lambda: kesu.health() == 200 and kesu.server() != killed)
    assert _is_kept(kesu)


@only_in_full
@pytest.mark.parametrize("name", ["网页服务", "后台任务"])
def test_it_starts_a_killed_child_again(kesu: Running, name: str) -> None:
    killed = kesu.children()[name]
    os.kill(killed, signal.SIGKILL)
    kesu.wait_until(lambda: kesu.children().get(name, killed) != killed and kesu.health() == 200)


def test_it_ends_what_a_killed_supervisor_left_and_serves_again(kesu: Running) -> None:
    _keep_a_row(kesu)
    left = kesu.children()
    assert kesu.process is not None
    kesu.process.kill()
    kesu.process.wait()
    assert processes.started(left["网页服务"])
    kesu.up()
    kesu.wait_until(lambda: len(kesu.children()) == 2 and set(kesu.children().values()).isdisjoint(left.values()))
    assert not processes.started(left["网页服务"])
    kesu.wait_until(lambda: kesu.health() == 200)
    assert _is_kept(kesu)


@only_in_full
def test_it_is_ended_from_another_shell(kesu: Running) -> None:
    told = kesu.say("down")
    assert told.stdout.strip() == "已结束"
    assert kesu.process is not None
    assert kesu.process.wait(_PATIENCE) == 0
    assert kesu.say("down").stdout.strip() == "没有在运行"


@only_in_full
def test_it_ends_the_orphans_of_a_killed_supervisor_from_another_shell(kesu: Running) -> None:
    pids = [*kesu.children().values(), kesu.server()]
    assert kesu.process is not None
    kesu.process.kill()
    kesu.process.wait()
    assert kesu.say("down").stdout.strip() == "已结束"
    assert [pid for pid in pids if processes.started(pid)] == []


@only_in_full
def test_it_refuses_a_second_one_on_the_same_data(kesu: Running) -> None:
    told = kesu.say("up", "--port", str(free_port()))
    assert told.returncode == 1
    assert "已有 Kesu 在运行" in told.stderr
    assert kesu.health() == 200


def test_it_names_a_port_that_is_taken(kesu: Running) -> None:
    other = Running(kesu.data / "other", kesu.port)
    told = other.say("up", "--port", str(kesu.port))
    shutil.rmtree(other.data)
    assert told.returncode == 1
    assert f"端口 {kesu.port} 不能用" in told.stderr


@only_in_full
def test_it_gives_the_web_server_no_password_of_the_owner(kesu: Running) -> None:
    secret = json.loads((kesu.data / "database.json").read_text(encoding="utf-8"))["owner"]
    for pid in kesu.children().values():
        assert secret.encode() not in Path(f"/proc/{pid}/environ").read_bytes()


def test_it_says_why_it_cannot_serve_and_recovers(kesu: Running) -> None:
    assert kesu.process is not None
    kesu.process.send_signal(signal.SIGSTOP)
    try:
        os.kill(kesu.server(), signal.SIGKILL)
        kesu.wait_until(lambda: kesu.health() == 503)
    finally:
        kesu.process.send_signal(signal.SIGCONT)
    kesu.wait_until(lambda: kesu.health() == 200)


@only_in_full
def test_it_deletes_nothing_without_being_told_twice(kesu: Running) -> None:
    told = kesu.say("reset")
    assert told.returncode == 1
    assert "--yes" in told.stderr
    assert kesu.health() == 200


def test_it_deletes_its_own_data_and_nothing_else(installed: Running) -> None:
    mine = installed.data / "mine.txt"
    mine.write_text("not Kesu's", encoding="utf-8")
    assert installed.say("reset", "--yes").returncode == 0
    assert [path.name for path in installed.data.iterdir()] == ["mine.txt"]
