"""The running program, its database restarted under it, and its whole disk full: it goes on by itself."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from kesu.config import counting
from kesu.config.supervise import processes
from kesu.core import clock
from kesu.store.models import CaseCard, CaseEvent, StoredFile
from tests.database import point_django_to
from tests.faults.people import Browser, Lost, field_of, multipart
from tests.faults.program import PATIENCE, Program, installed, organise
from tests.faults.test_disk import noise
from tests.full import only_in_full
from tests.web.public.test_submit import ANSWERS
from tests.world import World

_SIZE = 600
"""MiB of the small disk."""


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """A small disk of its own where root can mount one; elsewhere a folder: full disks are then left to `test_disk`."""
    folder = Path(tempfile.mkdtemp(prefix="kesu-disk-"))
    folder.chmod(0o755)
    words = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}m,mode=755", "kesu-test", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(words, capture_output=True, check=False).returncode == 0
    yield folder
    if is_mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def kesu(
    disk: Path, session_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Program, World]]:
    from django.db import connections

    with installed("", disk) as program, django_db_blocker.unblock():
        yield program, organise(program)
        connections.close_all()
        point_django_to(session_database)


def submit(program: Program, form: str, sent: dict[str, str], browser: Browser, file: bytes | None = None) -> int:
    """The status of the answer, 0 when there was none."""
    body, media = multipart(sent, ("photos", file) if file else None)
    try:
        return browser.ask(form, body, media)[0]
    except Lost as lost:
        return int(lost.args[0]) if lost.args else 0


@only_in_full
def test_it_goes_on_when_its_database_is_restarted(kesu: tuple[Program, World]) -> None:
    program, world = kesu
    program.wait(lambda: bool(_listeners()))  # a worker listens a moment after the pages answer
    before = _listeners()
    server = program.postmaster()
    assert server is not None
    connection.close()
    os.kill(server, signal.SIGINT)
    program.wait(lambda: processes.started(server) is None)
    program.wait(program.is_well)

    program.wait(lambda: bool(_listeners()) and not _listeners() & before)
    late = world.register("wutong", at=clock.now() - timedelta(hours=2), title="早该知会")
    program.wait(lambda: CaseEvent.objects.filter(case_id=late, kind="duty.escalated").count() == 1)
    form = f"/submit/{world.units['qingtang']}/complaint"
    browser = Browser(program)
    _, _, page = browser.ask(form)
    assert submit(program, form, _filled(page, "重启之后"), browser) == 302


def test_it_counts_in_memory_where_a_full_disk_cannot_hurt_and_gives_it_back(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    folder = counting.prepare(tmp_path)
    (folder / "count.db").write_bytes(b"1")
    assert counting.prepare(tmp_path) == folder
    assert list(folder.iterdir()) == []
    assert not folder.is_relative_to(tmp_path) or not Path("/dev/shm").is_dir()
    counting.forget(tmp_path)
    assert not folder.exists() or folder.is_relative_to(tmp_path)


@only_in_full
def test_it_tries_again_for_as_long_as_its_database_cannot_start(kesu: tuple[Program, World]) -> None:
    program, _ = kesu
    connection.close()
    folder = json.loads((program.data / "cluster.json").read_text(encoding="utf-8"))["folder"]
    needed = Path(folder) / "data" / "global" / "pg_control"
    needed.rename(needed.with_name("pg_control.away"))
    assert program.kill("database", min)
    program.wait(lambda: "后再试" in program.log.read_text(encoding="utf-8"))
    assert program.process is not None
    assert program.process.poll() is None
    needed.with_name("pg_control.away").rename(needed)
    program.wait(program.is_well)


@only_in_full
def test_it_stores_nothing_by_halves_on_a_full_disk_and_recovers(kesu: tuple[Program, World], disk: Path) -> None:
    program, world = kesu
    form = f"/submit/{world.units['qingtang']}/complaint"
    browser = Browser(program)
    _, _, page = browser.ask(form)
    sent, photograph = _filled(page, "磁盘满时"), noise(700).read()
    before = StoredFile.objects.count()
    connection.close()
    ballast = disk / "ballast"
    is_small = disk.is_mount()
    if is_small:
        _fill(ballast)
        _press(program.database_url)
        assert submit(program, form, sent, browser, photograph) == 503
        assert program.process is not None
        assert program.process.poll() is None, program.said()
        ballast.unlink()

    program.wait(program.is_well)
    program.wait(lambda: submit(program, form, sent, browser, photograph) == 302)
    assert CaseCard.objects.filter(title="磁盘满时").count() == 1
    assert StoredFile.objects.count() == before + 1
    assert not list((program.data / "files").rglob("*.part"))
    assert program.process is not None
    assert program.process.poll() is None


def _filled(page: str, title: str) -> dict[str, str]:
    hidden = {name: field_of(page, name) for name in ("csrfmiddlewaretoken", "form_token")}
    return {**{name: str(text) for name, text in ANSWERS.items()}, "title": title, **hidden}


def _listeners() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %'")
        return {row[0] for row in cursor.fetchall()}


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def _press(url: str) -> None:
    """Until the database itself finds no room: it says so, or ends and cannot start again."""
    more = (
        "INSERT INTO kesu_cache SELECT gen_random_uuid()::text, repeat('x', 900), now() FROM generate_series(1, 20000)"
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with psycopg.connect(url) as session:
                session.execute(more)
        except psycopg.OperationalError:
            return
    raise AssertionError("the disk did not fill")
