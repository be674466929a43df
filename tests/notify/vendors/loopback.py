"""A vendor's server on loopback. What it refuses, it refuses by the vendor's published rules, each with its address."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kesu.notify.carrying import Words

WORDS = Words(
    subject="已超时：知会客服专管员",
    text="已超时：知会客服专管员\n\nKS-1 外墙渗水\n\nhttps://kesu.example/cases/1\n",
    facts=(("编号", "KS-1"), ("事由", "外墙渗水"), ("应于", "06-08 10:30")),
    link="https://kesu.example/cases/1",
    notice="escalation",
    values=(("what", "知会客服专管员"), ("number", "KS-1"), ("due", "06-08 10:30"), ("clauses", "§1.2")),
)


@dataclass(slots=True)
class Time:
    """A clock that both sides read."""

    at: datetime = datetime(2026, 6, 8, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, span: timedelta) -> None:
        self.at += span


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    raw_query: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


Said = tuple[int, dict[str, str], Any]


@dataclass(slots=True)
class Vendor:
    """`asked`: all that was asked of it; `instead`: answers that it gives in place of its own, oldest first."""

    time: Time = field(default_factory=Time)
    asked: list[Asked] = field(default_factory=list)
    instead: list[Said] = field(default_factory=list)
    base: str = ""

    def answer(self, asked: Asked) -> Said:
        raise NotImplementedError


@dataclass(slots=True)
class Tempo:
    """How many within a span, however they lie: more are turned away."""

    most: int
    span: timedelta
    times: list[datetime] = field(default_factory=list)

    def is_over(self, at: datetime) -> bool:
        self.times = [one for one in self.times if at - one < self.span]
        if len(self.times) >= self.most:
            return True
        self.times.append(at)
        return False


@contextmanager
def serving(vendor: Vendor) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            asked = Asked(self.command, parts.path, query, parts.query, headers, body)
            vendor.asked.append(asked)
            status, told, content = vendor.instead.pop(0) if vendor.instead else vendor.answer(asked)
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"content-length": str(len(data)), **told}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _take

        def log_message(self, *_: object) -> None:
            """Nothing: what it was asked is in `asked`."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    vendor.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
