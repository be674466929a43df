"""The real program, its backup of the night, and the same program in an empty folder: the same pages.

Everything is as an operator has it: `kesu up` with the embedded database, backed up while it runs.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from kesu.config.backup import record
from kesu.config.home import embedded_url
from kesu.config.postgres import binaries
from kesu.core import clock
from tests.backup.house import PROGRAM, House
from tests.backup.test_backing_up import wait_until
from tests.full import only_in_full
from tests.live import free_port

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.plugin import DjangoDbBlocker

PASSWORD = "a-password-for-backups"
_VARYING = (
    re.compile(r'name="(csrfmiddlewaretoken|seen_at|form_token|token|csrf-token)"( value| content)?="[^"]*"'),
    re.compile(r"(剩余|超时|还有|已过)?\s*(\d+ ?(天|小时|分钟|分|个工作日) ?)+(前|后)?"),
    re.compile(r"127\.0\.0\.1:\d+"),
    re.compile(r'<span class="k-now.*?</span>', re.DOTALL),
    re.compile(r'id="n[0-9a-f]{32}"'),
    re.compile(r'<rect class="past" x[^>]*>|<line class="nowl"[^>]*>'),  # the ruler's hand moves on
)
"""Tokens of forms, what the clock alone changes (also in them), the port, and the hour in the head of each page."""


_OWED = "SELECT EXISTS (SELECT FROM store_casecard WHERE wake_at <= clock_timestamp())"


@dataclass
class Program:
    """`kesu up` on a data folder of its own, and a browser of sorts."""

    data: Path
    port: int = field(default_factory=free_port)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def up(self, *words: str) -> Iterator[None]:
        command = [*PROGRAM, "up", "--empty", "--port", str(self.port), "--data", str(self.data), *words]
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            process = subprocess.Popen(command, env=_environment(), stdout=log, stderr=log)
        try:
            wait_until(self._is_ready)
            yield
        finally:
            process.terminate()
            assert process.wait(60) == 0

    def say(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*PROGRAM, *words, "--data", str(self.data)]
        return subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)

    def visitor(self, login: str | None = None) -> Visitor:
        return Visitor(self.base, login)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=3) as answer:
                return int(answer.status) == 200
        except OSError:
            return False


class Visitor:
    """Somebody who has signed in, or nobody."""

    def __init__(self, base: str, login: str | None) -> None:
        self._base = base
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        if login is None:
            return
        self.get("/sign-in")
        token = next(cookie.value for cookie in self._cookies if cookie.name == "csrftoken")
        answer = self.post("/sign-in", csrfmiddlewaretoken=str(token), username=login, password=PASSWORD)
        assert "/sign-in" not in answer.geturl()

    def get(self, path: str) -> bytes:
        with self._opener.open(self._base + path, timeout=20) as answer:
            assert answer.status == 200
            content: bytes = answer.read()
        return content

    def post(self, path: str, **form: str) -> urllib.response.addinfourl:
        body = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(self._base + path, body, {"Referer": self._base + path})
        answer: urllib.response.addinfourl = self._opener.open(request, timeout=20)
        return answer

    def page(self, path: str) -> str:
        words = self.get(path).decode()
        for pattern in _VARYING:
            words = pattern.sub("~", words)
        return words


def _environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith(("KESU_", "DATABASE_URL"))}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where everybody may enter, as /var/lib is; in it the data folders of this test."""
    made = Path(tempfile.mkdtemp(prefix="kesu-pages-"))
    made.chmod(0o755)
    yield made
    for data in ("first", "second"):
        subprocess.run([*PROGRAM, "reset", "--yes", "--data", str(made / data)], env=_environment(), check=False)
    shutil.rmtree(made)


@pytest.fixture
def in_here(
    settings: SettingsWrapper, session_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[object]:
    """Makes this very process one of the program's own, on a data folder: its database, its keys, its files."""
    from django.db import connections

    from kesu.store import keys
    from tests.database import point_django_to

    @contextmanager
    def enter(data: Path) -> Iterator[None]:
        settings.KESU_KEY_FILE, settings.KESU_FILES = data / "keys.json", data / "files"
        keys.ring.cache_clear()
        point_django_to(embedded_url(data, "app"))
        with django_db_blocker.unblock():
            yield
            connections.close_all()

    yield enter
    keys.ring.cache_clear()
    point_django_to(session_database)


@only_in_full
def test_a_backup_restored_into_an_empty_folder_shows_the_same_pages(folder: Path, in_here: object) -> None:
    from tests import world
    from tests.access import sample

    first, second, backups = Program(folder / "first"), Program(folder / "second"), folder / "backups"
    assert first.say("migrate").returncode == 0
    with first.up():
        with in_here(first.data):  # type: ignore[operator]
            made = world.build(clock.now() - timedelta(days=30), password=PASSWORD)
            found = sample.build(made)
            _, sealed_id = sample.report(found)
            found = found.with_sealed(sealed_id)
        addresses = {
            "zhouyining": ["/cases", *map(found.address, ("case-page", "case-timeline")), "/work"],
            "qiubai": ["/sealed", found.address("sealed-case")],
            None: [found.address("public-follow"), "/submit"],
        }
        photo = found.address("case-file")  # whoever takes it is noted on the case
        assert first.visitor("zhouyining").get(photo) == sample.picture()
        before = _at_rest(first, addresses)
        assert first.say("backup", str(backups), "--prove").returncode == 0
        assert first.say("keys", "export", str(folder / "keys.json")).returncode == 0

    told = second.say("restore", str(backups), "--keys", str(folder / "keys.json"))
    assert told.returncode == 0, told.stderr
    with second.up():
        after = _look(second, addresses)
        assert second.visitor("zhouyining").get(photo) == sample.picture()

    assert before.keys() == after.keys()
    for address, words in before.items():
        assert after[address] == words, address
    assert "外墙渗水" in str(before["/cases"])
    assert "舞弊" in str(before[found.address("sealed-case")])


@only_in_full
def test_it_moves_to_an_older_postgresql(folder: Path, tmp_path: Path, home: House) -> None:
    """From the newest server that the program brings to one that does not know all of its settings."""
    older = [path for path in binaries.installed() if (path / "initdb").exists() and _major(path) < 17]
    backup = home.back_up(tmp_path / "backups")
    second = Program(folder / "second")
    words = [*PROGRAM, "restore", str(backup.folder), "--keys", str(home.keys), "--data", str(second.data)]
    variables = {**_environment(), "KESU_PG_BIN": str(older[0])}
    told = subprocess.run(words, env=variables, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert (second.data / "postgres" / "data" / "PG_VERSION").read_text().strip() == str(_major(older[0]))


def _major(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"\d+", said)[0])  # type: ignore[index]


@only_in_full
def test_it_backs_up_by_itself_and_proves_it(folder: Path) -> None:
    program = Program(folder / "first")
    with program.up("--backup", str(folder / "backups")):
        wait_until(lambda: record.read(program.data).proved is not None)
    assert record.read(program.data).failure is None
    log = (folder / "first.log").read_text(encoding="utf-8")
    assert "夜间备份开始" in log


@only_in_full
def test_a_failed_backup_of_the_night_is_loud(folder: Path) -> None:
    program = Program(folder / "first")
    (folder / "backups").write_text("a file in the way", encoding="utf-8")
    with program.up("--backup", str(folder / "backups")):
        wait_until(lambda: "!! 夜间备份失败" in (folder / "first.log").read_text(encoding="utf-8"))
    assert "备份文件夹" in str(record.read(program.data).failure)


def _at_rest(program: Program, addresses: dict[str | None, list[str]]) -> dict[str, object]:
    """When the worker has settled what the new cases owe, and nothing changes any more between two looks."""
    with psycopg.connect(embedded_url(program.data, "app"), autocommit=True) as connection:
        wait_until(lambda: connection.execute(_OWED).fetchone() == (False,))
    seen = [_look(program, addresses)]

    def is_same() -> bool:
        seen.append(_look(program, addresses))
        return seen[-1] == seen[-2]

    wait_until(is_same)
    return seen[-1]


def _look(program: Program, addresses: dict[str | None, list[str]]) -> dict[str, object]:
    seen: dict[str, object] = {}
    for login, paths in addresses.items():
        visitor = program.visitor(login)
        for path in paths:
            seen[path] = visitor.page(path)
    return seen
