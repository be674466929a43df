"""A worker that is really killed amid reading a mailbox loses no mail and doubles none, wherever it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from kesu.commands.arrivals.sort_one_mail import sort_one_mail
from kesu.core import clock
from kesu.jobs import mailboxes
from kesu.queries.arrivals.mail_list import mail_list
from kesu.store.models import InboundMail, Mailbox
from tests import desk
from tests.full import only_in_full
from tests.jobs.imap_server import MailHouse, certificate, open_house
from tests.jobs.mail_desk import letter, opened
from tests.world import World

ROOT = Path(__file__).parents[2]
SUBJECTS = ["第一封", "第二封", "第三封"]
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'store_inboundmail'::regclass"
_PATIENCE = 30.0


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailHouse]:
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with open_house(pem) as house:
        yield house


@contextmanager
def reader(database: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own, which looks into the mailbox; dead in the end."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "KESU_KEY_FILE": str(settings.KESU_KEY_FILE),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    with subprocess.Popen([sys.executable, "-m", "tests.jobs.reading"], env=environment, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def killed_at(command: str, server: MailHouse, database: str, *, which: int) -> None:
    """It dies when it has asked this for the so-manieth time, before it is answered."""
    died, asked = threading.Event(), 0
    running: list[subprocess.Popen[bytes]] = []

    def kill(said: str) -> None:
        nonlocal asked
        asked += said == command
        if said == command and asked == which:
            running[0].send_signal(signal.SIGKILL)
            died.set()
            raise ConnectionResetError

    server.before = kill
    with reader(database) as process:
        running.append(process)
        assert process.wait(_PATIENCE) == -signal.SIGKILL, "it had ended before it was killed"
    assert died.is_set()
    server.before = lambda _command: None


def killed_with_a_mail_in_hand(server: MailHouse, database: str) -> None:
    """It has fetched a mail, and cannot write it down: somebody holds the table. Then it dies."""
    with psycopg.connect(database) as holding, psycopg.connect(database, autocommit=True) as watching:
        holding.execute("LOCK TABLE store_inboundmail IN EXCLUSIVE MODE")
        with reader(database) as process:
            until = time.monotonic() + _PATIENCE
            while watching.execute(_WAITING).fetchone() != (1,):
                assert process.poll() is None, "it ended before it had a mail in hand"
                assert time.monotonic() < until, "it never came to writing"
                time.sleep(0.02)
            assert "UID_FETCH" in server.asked
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        holding.rollback()


def read() -> None:
    Mailbox.objects.update(read_after=None)
    mailboxes.read_one(threading.Event())
    while sort_one_mail(at=clock.now()):
        pass


@only_in_full
@pytest.mark.parametrize("was_read_before", [False, True])
@pytest.mark.parametrize("dies", ["fetching", "fetched", "kept"])
def test_no_mail_is_lost_and_none_doubled_when_the_reader_is_killed(
    committed_world: World, fresh_database: str, server: MailHouse, dies: str, was_read_before: bool
) -> None:
    house = opened(committed_world)
    house.state(host="localhost", port=server.port, login="tousu", password=server.password, opens=False)
    if was_read_before:
        read()
    for subject in SUBJECTS:
        server.put(letter(subject))
    Mailbox.objects.update(read_after=None)
    server.asked.clear()

    if dies == "fetching":
        killed_at("UID_FETCH", server, fresh_database, which=4)  # the second mail: how large it is, then its bytes
    elif dies == "fetched":
        killed_with_a_mail_in_hand(server, fresh_database)
    else:
        killed_at("UID_STORE", server, fresh_database, which=2)
    kept = {"fetching": 1, "fetched": 0, "kept": 2}[dies]
    assert InboundMail.objects.count() == kept
    assert sum(one.is_seen for one in server.letters) == (0 if dies == "fetched" else 1)

    read()
    read()
    assert [one.subject for one in mail_list(actor=desk.actor("zhouyining")).rows] == SUBJECTS
    assert InboundMail.objects.count() == len(SUBJECTS)
    assert all(one.is_seen for one in server.letters)
