"""What is reported under seal lies nowhere in clear while it comes in, not even in a temporary file without a name."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from kesu.config.asgi import Buffered
from kesu.config.wsgi import application
from kesu.core.spool import Spool
from kesu.store.models import SealedFile
from kesu.store.sealed_reader import SYSTEM, read_as
from tests.access.sample import REPORT
from tests.world import World

SAID = "张某每月收供应商的钱。".encode()
EVIDENCE = SAID * 100_000
"""Three megabytes."""
TOKEN = "a" * 32
PART = "--x\r\nContent-Disposition: form-data"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process puts temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


class Lookout:
    """Looks at everything that lies there: files with a name, and those that only the process still holds open."""

    def __init__(self, room: Path) -> None:
        self._room = room
        self.lay: set[int] = set()
        self.in_clear: list[str] = []

    def look(self) -> None:
        held = [Path(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]
        for path in [*self._room.rglob("*"), *(one for one in held if self._is_there(one))]:
            if path.is_dir():
                continue
            content = path.read_bytes()
            self.lay.add(len(content))
            if SAID in content:
                self.in_clear.append(f"{path} -> {path.resolve()}")

    def _is_there(self, held: Path) -> bool:
        try:
            return os.readlink(held).startswith(f"{self._room}/")
        except OSError:  # closed meanwhile
            return False

    def at_every_question(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.look()
        return execute(sql, params, many, context)


def test_no_word_of_a_large_report_lies_in_clear_while_it_is_taken_in(committed_world: World, room: Path) -> None:
    lookout = Lookout(room)

    def pages(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        lookout.look()
        with connection.execute_wrapper(lookout.at_every_question):
            answer = list(application(environ, start_response))
        connection.close()
        return answer

    body = form(EVIDENCE)
    status, page = sent(pages, f"/report/{committed_world.units['qingtang']}/whistle_report", body)

    assert status == 200, page
    assert 'id="receipt-code"' in page
    assert {len(body), len(EVIDENCE)} <= lookout.lay, "one of them lay somewhere else"
    assert lookout.in_clear == []
    with transaction.atomic():
        read_as(SYSTEM)
        assert SealedFile.objects.count() == 1


def form(evidence: bytes) -> bytes:
    answers = {code: {"是": "yes", "否": "no"}.get(text, text) for code, text in REPORT.items()}
    parts = [f'{PART}; name="{name}"\r\n\r\n{text}\r\n' for name, text in answers.items()]
    file = f'{PART}; name="evidence"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    return "".join([*parts, file]).encode() + evidence + b"\r\n--x--\r\n"


def sent(pages: Any, path: str, body: bytes) -> tuple[int, str]:
    """Through the door before the pages, in pieces."""
    pieces = [body[at : at + 100_000] for at in range(0, len(body), 100_000)]
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    headers = {
        "host": "localhost",
        "content-type": "multipart/form-data; boundary=x",
        "content-length": str(len(body)),
        "cookie": f"csrftoken={TOKEN}",
        "x-csrftoken": TOKEN,
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "http_version": "1.1",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    door = Buffered(pages, threads=1)
    with ThreadPoolExecutor(1) as apart:  # a browser of another test may keep a loop in this thread
        apart.submit(lambda: asyncio.run(door(scope, receive, send))).result()
    return said[0]["status"], said[1]["body"].decode()


@pytest.mark.parametrize("in_memory", [10, 10_000_000])
def test_a_spool_gives_back_what_was_written_from_anywhere_in_it(in_memory: int, room: Path) -> None:
    spool, text = Spool(in_memory), os.urandom(100_003)
    for at in range(0, len(text), 977):
        spool.write(text[at : at + 977])

    for at in (0, 1, 15, 16, 17, 50_000, 100_002, 100_003, 200_000):
        spool.seek(at)
        assert spool.tell() == at
        assert spool.read(33) == text[at : at + 33]
        assert spool.read() == text[at + 33 :]
    spool.seek(5)
    assert spool.readline() == io.BytesIO(text[5:]).readline()
    assert spool.seek(-3, io.SEEK_END) == 100_000
    assert spool.read() == text[-3:]
    spool.close()
    assert spool.closed
