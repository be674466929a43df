"""The client: lasting connections over which requests are asked one after another, and the time each took.

It runs in a process of its own and counts its own processor time, so that what it costs is not the program's."""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode

_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A request. `fields`: what a form sends; None: a page is asked for. `expects`: the status that is right."""

    path: str
    fields: Mapping[str, str] | None = None
    expects: int = 200


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Asked:
    """What several clients found: seconds each request took, how long it all lasted, the client's processor time, and
    where answers pointed (`Location`)."""

    seconds: list[float] = field(default_factory=list)
    lasted: float = 0.0
    client_cpu: float = 0.0
    places: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Connection:
    """One browser: a socket that stays open, and its cookies."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.cookies = dict(cookies or {})
        self._port = port
        self._socket: socket.socket | None = None
        self._rest = b""

    def ask(self, ask: Ask) -> Answer:
        """Raises `OSError` when the program hangs up twice."""
        request = self._request(ask)
        for attempt in (1, 2):
            try:
                if self._socket is None:
                    self._socket = socket.create_connection(("127.0.0.1", self._port), _PATIENCE)
                    self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._socket.sendall(request)
                return self._answer()
            except ConnectionError:
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def _request(self, ask: Ask) -> bytes:
        lines = [f"{'GET' if ask.fields is None else 'POST'} {ask.path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        body = b""
        if ask.fields is not None:
            body = urlencode(ask.fields).encode()
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
            lines.append(f"Origin: http://127.0.0.1:{self._port}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _answer(self) -> Answer:
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self.cookies.update({key: one.value for key, one in SimpleCookie(value).items()})
            headers[name.lower()] = value
        length = int(headers.get("content-length", "0"))
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return Answer(int(first.split(" ", 2)[1]), headers, body)

    def _more(self) -> None:
        assert self._socket is not None
        got = self._socket.recv(1 << 18)
        if not got:
            raise ConnectionError("the program hung up")
        self._rest += got


def ask_all(port: int, cookies: Mapping[str, str], asks: Sequence[Sequence[Ask]], seconds: float) -> Asked:
    """One client for each row of `asks`, which it goes through again and again (a form only once) for `seconds`."""
    found = Asked()
    lock = threading.Lock()
    until = time.perf_counter() + seconds

    def client(mine: Sequence[Ask]) -> None:
        connection = Connection(port, cookies)
        taken, places, wrong = [], [], []
        nth = 0
        while time.perf_counter() < until and (nth < len(mine) or mine[0].fields is None):
            ask = mine[nth % len(mine)]
            began = time.perf_counter()
            answer = connection.ask(ask)
            taken.append(time.perf_counter() - began)
            if answer.status != ask.expects:
                wrong.append(f"{answer.status} {ask.path}")
            elif "location" in answer.headers:
                places.append(answer.headers["location"])
            nth += 1
        connection.close()
        with lock:
            found.seconds += taken
            found.places += places
            found.wrong += wrong

    began, spent = time.perf_counter(), _own_cpu()
    threads = [threading.Thread(target=client, args=(mine,)) for mine in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.lasted, found.client_cpu = time.perf_counter() - began, _own_cpu() - spent
    return found


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
