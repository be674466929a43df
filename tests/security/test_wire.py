"""What only the real program can show: bytes that are no request, bodies that do not come, come late or do not end."""

from __future__ import annotations

import asyncio
import gzip
import io
import re
import select
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kesu.config.asgi import Buffered, Patience
from kesu.config.wsgi import application
from kesu.core.uploads import BODY_STATE, MAX_BODY_BYTES, BodyState
from tests.live import LiveKesu
from tests.security.forms_found import forms_on
from tests.security.test_files import files_of_at_most
from tests.world import World

WORDS = "楼道里的灯坏了"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
MAY_GROW = 25
"""Megabytes that the program may need more after all of this than before it."""
ROUNDS = 4
"""What leaks grows in every round; what a thread takes for its first large form, or gives back late, does not."""


class Talk:
    """Speaks to the running program byte by byte, as somebody who has its form before him."""

    def __init__(self, live: LiveKesu, place: World) -> None:
        where = urlsplit(live.url)
        self.place, self.host = (where.hostname or "", where.port or 0), where.netloc
        self.form = f"/submit/{place.units['qingtang']}/complaint"
        page = self.say(f"GET {self.form} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        cookie = re.search(r"csrftoken=\w+", page)
        assert cookie, page
        self.head = {"Cookie": cookie[0], "X-CSRFToken": forms_on(page)[-1].inputs["csrfmiddlewaretoken"].value}

    def request(self, body: bytes, kind: str = FORM, length: int | None = None, **more: str) -> bytes:
        lines = {
            "Host": self.host,
            "Content-Type": kind,
            "Content-Length": str(len(body) if length is None else length),
        }
        lines |= self.head | {name.replace("_", "-"): value for name, value in more.items()}
        said = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        return f"POST {self.form} HTTP/1.1\r\n{said}\r\n".encode() + body

    def open(self, said: bytes, patience: float = 20) -> socket.socket:
        opened = socket.create_connection(self.place, timeout=patience)
        opened.sendall(said)
        return opened

    def say(self, said: bytes, patience: float = 20, *, hang_up: bool = False) -> str:
        """The answer; empty where the connection was closed without one."""
        try:
            with self.open(said, patience) as opened:
                if hang_up:
                    opened.shutdown(socket.SHUT_WR)
                return _heard(opened)
        except ConnectionError:
            return ""

    def is_well(self) -> bool:
        page = self.say(f"GET /healthz HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        return page.startswith("HTTP/1.1 200") and page.endswith("ok\n")


def _heard(opened: socket.socket) -> str:
    heard = b""
    try:
        while more := opened.recv(65536):
            heard += more
            head, _, body = heard.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            if length and len(body) >= int(length[1]):
                break
    except ConnectionError:
        pass
    return heard.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def talk(live_kesu: LiveKesu, live_world: World) -> Talk:
    return Talk(live_kesu, live_world)


def part(name: str, content: bytes, more: str = "") -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


def photo(size: int) -> bytes:
    return (
        part("photos", b"\xff\xd8\xff\xe0" + b"x" * size, '; filename="a.jpg"\r\nContent-Type: image/jpeg')
        + b"--x--\r\n"
    )


def many(count: int, more: str = "") -> bytes:
    return b"".join(part(f"f{number}", b"x", more) for number in range(count)) + b"--x--\r\n"


BODIES: Mapping[str, tuple[bytes, str, str, str]] = {
    "ten megabytes of text": (b"content=" + b"x" * 10_000_000, FORM, "413", "文字太多"),
    "ten megabytes in a part": (part("content", b"x" * 10_000_000) + b"--x--\r\n", PARTS, "413", "文字太多"),
    "a file of thirty megabytes": (part("content", WORDS.encode()) + photo(30_000_000), PARTS, "422", "超过 20 MB"),
    "more than any form": (photo(MAX_BODY_BYTES), PARTS, "413", "一个文件最多 20 MB"),
    "many fields": (b"&".join(b"f%d=x" % number for number in range(50_000)), FORM, "413", "太多"),
    "many parts": (many(20_000), PARTS, "413", "太多"),
    "many files": (many(20_000, '; filename="a"'), PARTS, "413", "最多 9 个"),
    "a part with a long head": (many(1, f'; filename="{"a" * 100_000}"'), PARTS, "400", "看不懂"),
    "no boundary": (photo(10), "multipart/form-data", "400", "看不懂"),
    "a packed body": (gzip.compress(b"content=x"), "application/gzip", "415", "没有提交"),
    "another encoding": (b"content=x", f"{FORM}; charset=rot13", "415", "没有提交"),
    "JSON": (b"{}", "application/json", "415", "没有提交"),
    "no kind": (b"content=x", "", "415", "没有提交"),
    "broken text": (b"content=%ff%fe&title=%ed%a0%80", FORM, "422", "还没有填"),
}


@pytest.mark.parametrize("what", BODIES)
def test_it_says_in_words_what_is_wrong_with_a_body(talk: Talk, what: str) -> None:
    body, kind, status, words = BODIES[what]

    answer = talk.say(talk.request(body, kind), patience=60)

    assert answer.split(" ", 2)[1] == status
    assert words in answer
    assert (WORDS in answer) == (WORDS.encode() in body)


def test_it_refuses_what_is_announced_to_be_too_large_without_waiting_for_it(talk: Talk) -> None:
    answer = talk.say(talk.request(b"", PARTS, length=10**12))

    assert answer.startswith("HTTP/1.1 413")
    assert "一个文件最多 20 MB" in answer


def test_it_reads_a_body_in_pieces_as_any_other(talk: Talk) -> None:
    said = talk.request(b"", length=None, Transfer_Encoding="chunked").replace(b"Content-Length: 0\r\n", b"")
    piece = f"content={WORDS}".encode()

    answer = talk.say(said + b"%x\r\n%s\r\n0\r\n\r\n" % (len(piece), piece))

    assert answer.startswith("HTTP/1.1 422")
    assert WORDS in answer


@pytest.mark.parametrize(
    "said",
    [
        b"GET /submit HTTP/1.0\r\n\r\n",
        b"GET /submit\r\n\r\n",
        bytes(range(256)) * 40,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 400,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"b" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + b"\xff garbage\r\n\r\n" * 50,
    ],
)
def test_it_refuses_or_hangs_up_on_what_is_no_request(talk: Talk, said: bytes) -> None:
    answer = talk.say(said)

    assert answer == "" or answer.split(" ", 2)[1] in {"400", "404", "405", "408", "413", "414", "431"}
    assert talk.is_well()


def test_it_stores_nothing_of_a_form_that_breaks_off(talk: Talk) -> None:
    answer = talk.say(talk.request(f"content={WORDS}".encode(), length=5000), hang_up=True)

    assert answer == "" or answer.split(" ", 2)[1] in {"400", "408"}
    assert talk.is_well()


def test_it_answers_others_while_many_do_not_finish_what_they_say(talk: Talk) -> None:
    waiting = [talk.open(talk.request(b"content=x", length=1000)) for _ in range(60)]
    waiting += [talk.open(b"GET / HTTP/1.1\r\nHost: x\r\nX-a") for _ in range(300)]
    waiting += [talk.open(b"") for _ in range(300)]

    assert all(talk.is_well() for _ in range(20))
    assert talk.say(talk.request(b"content=x")).startswith("HTTP/1.1 422")
    given_up, _, _ = select.select(waiting[:60], [], [], 0)
    assert given_up == [], "it answered others only after it had given up those who do not finish"

    for one in waiting:
        one.close()


def test_it_takes_in_more_large_forms_than_it_has_places_for(talk: Talk) -> None:
    with ThreadPoolExecutor(24) as crowd:
        answers = list(crowd.map(lambda _one: talk.say(talk.request(photo(2_000_000), PARTS), 60), range(24)))

    assert {answer.split(" ", 2)[1] for answer in answers} == {"422"}


def test_it_stays_the_same_process_and_small(talk: Talk, live_kesu: LiveKesu) -> None:
    """Everything above again and again, and the memory after each time."""
    needed = []
    for _ in range(ROUNDS):
        for body, kind, _status, _words in BODIES.values():
            talk.say(talk.request(body, kind), patience=60)
        needed.append(_memory(live_kesu))

    assert {tuple(sorted(processes)) for processes in needed} == {tuple(sorted(needed[0]))}
    sums = [sum(processes.values()) for processes in needed]
    assert min(later - earlier for earlier, later in pairwise(sums)) < MAY_GROW, sums
    log = live_kesu.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert WORDS not in log


def _memory(live: LiveKesu) -> dict[int, float]:
    """Megabytes that each process of the web server has to itself, shared ones by their part."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"--port\0{urlsplit(live.url).port}\0" in (process / "cmdline").read_text():
                held = re.search(r"Pss:\s+(\d+)", (process / "smaps_rollup").read_text())
                found[int(process.name)] = int(held[1]) / 1024 if held else 0
        except OSError:  # ended meanwhile
            continue
    assert found
    return found


# --- the door before the pages, by itself -----------------------------------------------------------------------------


def taken_in(pieces: list[bytes], *, ends: bool = True, announced: str = "", patience: Patience | None = None) -> Any:
    """What the pages are told of a body that comes like this: its state, its length, itself."""
    told: list[Any] = []
    coming = iter(pieces)

    def pages(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        told.extend((environ[BODY_STATE], int(environ["CONTENT_LENGTH"]), environ["wsgi.input"].read()))
        start_response("200 OK", [])
        return [b""]

    async def receive() -> dict[str, Any]:
        piece = next(coming, None)
        if piece is None:
            await asyncio.sleep(60 if not ends else 0)
            return {"type": "http.request"}
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(_message: dict[str, Any]) -> None: ...

    headers = [(b"content-length", announced.encode()), (b"x_forwarded_proto", b"https")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "http_version": "1.1",
        "query_string": b"",
        "headers": headers,
    }
    door = Buffered(pages, threads=1, patience=patience)
    with ThreadPoolExecutor(1) as apart:  # a browser's driver may keep a loop in this thread
        apart.submit(lambda: asyncio.run(door(scope, receive, send))).result()
    return tuple(told)


def test_the_door_gives_a_body_on_as_it_came() -> None:
    pieces = [b"a" * 50_000, b"", b"b" * 50_000]

    assert taken_in(pieces) == (BodyState.WHOLE, 100_000, b"".join(pieces))
    assert taken_in([b"abc"], announced="99999") == (BodyState.WHOLE, 3, b"abc")


def test_the_door_waits_for_nobody_for_ever() -> None:
    impatient = Patience(between=0.05, discarding=0.05, whole=0.5)

    state, length, _body = taken_in([b"abc"], ends=False, patience=impatient)

    assert (state, length) == (BodyState.TOO_SLOW, 3)


def test_the_door_keeps_nothing_of_what_is_too_large() -> None:
    pieces = [b"x" * 10_000_000] * 22

    state, length, body = taken_in(pieces)

    assert (state, length) == (BodyState.TOO_LARGE, 220_000_000)
    assert body == b""
    assert taken_in([], announced=str(10**12))[:2] == (BodyState.TOO_LARGE, 10**12)


def test_the_door_says_that_there_is_no_room() -> None:
    with files_of_at_most(256 * 1024):
        state, length, body = taken_in([b"x" * 1_000_000, b"y" * 100, b"z" * 1_000_000] * 3)

    assert (state, length, body) == (BodyState.NO_ROOM, 6_000_300, b"")


@pytest.mark.parametrize("charset", ["rot13", "undefined", "base64", "utf-16", "gb18030", "x" * 500, "", "\xff"])
def test_the_door_takes_text_in_one_encoding_only(charset: str) -> None:
    """The framework decodes the address before any page is asked."""
    for method, status in (("GET", "200"), ("POST", "415")):
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/",
            "QUERY_STRING": "next=/work",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": f"multipart/form-data; boundary=x; charset={charset}",
            "CONTENT_LENGTH": "4" if method == "POST" else "",
            "wsgi.input": io.BytesIO(b"--x\r"),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }
        with ThreadPoolExecutor(1) as apart:  # a thread without a connection to the database: none is needed
            begun = apart.submit(application, environ, lambda code, _headers, said=said: said.append(code))
            page = b"".join(begun.result()).decode()
        assert said[0].startswith(status)
        assert re.search("[一-龥]", page)
